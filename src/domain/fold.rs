//! Text without case and accents, so that `creme` finds `Crème`.
