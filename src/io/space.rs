//! How much room a disk has left.

use std::path::Path;

/// What can still be written where `place` is, in bytes; none where the system does not tell.
#[cfg(unix)]
pub fn free_bytes(place: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(place).ok()?;
    found.f_bavail.checked_mul(found.f_frsize)
}

/// What can still be written where `place` is, in bytes; none where the system does not tell.
#[cfg(not(unix))]
pub fn free_bytes(place: &Path) -> Option<u64> {
    let _: &Path = place;
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_room_and_what_is_not_there_has_none_to_tell() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_bytes(folder.path()).unwrap() > 0);
        assert_eq!(free_bytes(&folder.path().join("missing")), None);
    }
}
