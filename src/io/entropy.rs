//! The system's randomness, drawn once at the start; all ids and tokens are made from it.

use std::io::Read as _;

/// 256 random bits for [`crate::domain::id::Entropy::new`].
pub fn seed() -> std::io::Result<[u8; 32]> {
    let mut seed = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(seed)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        assert_ne!(super::seed().unwrap(), super::seed().unwrap());
    }
}
