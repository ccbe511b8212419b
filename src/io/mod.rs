//! Floor 3: executors. They touch the world and decide nothing.
