//! The fields of all four documents in one place, whatever kind of account they are of.

mod bounds;
mod optional;

/// An answer to a new session of `AltaPay`.
const SESSION: &str = r#"{"sessionId":"s"}"#;
const ID: &str = "123e4567-e89b-12d3-a456-426614174000";
