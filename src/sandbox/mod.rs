//! Floor 3: simulated providers, one strict server for each kind.
