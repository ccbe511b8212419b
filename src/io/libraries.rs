//! Which of the libraries that the window looks for while it runs are not on this machine.

/// What the scripts install. A line `kiosk PACKAGE library:NAME` is a library of the window.
const PACKAGES: &str = include_str!("../../packaging/packages.txt");
/// The dynamic loader's list of what it finds. Each name in it ends with a zero byte.
const LOADER_LIST: &str = "/etc/ld.so.cache";

/// Their names; none where the loader keeps no list.
pub fn missing() -> Vec<&'static str> {
    std::fs::read(LOADER_LIST)
        .map(|list| missing_in(&list))
        .unwrap_or_default()
}

fn missing_in(list: &[u8]) -> Vec<&'static str> {
    let mut missing: Vec<_> = wanted().collect();
    for known in list.split(|byte| *byte == 0) {
        // Behind its path, or behind bytes that are no text.
        missing.retain(|name| !known.ends_with(name.as_bytes()));
    }
    missing
}

fn wanted() -> impl Iterator<Item = &'static str> {
    PACKAGES.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let purpose = words.next()?;
        let probe = words.nth(1)?;
        probe
            .strip_prefix("library:")
            .filter(|_| purpose == "kiosk")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_loader_does_not_list_is_missing() {
        let all: Vec<_> = wanted().collect();
        assert!(all.contains(&"libX11.so.6") && all.contains(&"libEGL.so.1"));
        assert_eq!(missing_in(b""), all);

        let mut list = b"head\x01libX11.so.6\0/usr/lib/libEGL.so.1\0libGL.so.1.7.0\0".to_vec();
        let left = missing_in(&list);
        assert_eq!(left.len(), all.len() - 2);
        assert!(left.contains(&"libGL.so.1"), "another version");
        for name in all {
            list.extend_from_slice(name.as_bytes());
            list.push(0);
        }
        assert!(missing_in(&list).is_empty());
    }
}
