//! Floor 1: typed configuration from text, each error naming file, line and field.
