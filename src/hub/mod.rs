//! Floor 3: the message server.
