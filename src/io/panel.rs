//! How wide the screen is, as it says of itself (EDID), so that a millimeter is a millimeter.

use std::io::Read as _;
use std::path::Path;

/// Where Linux shows the outputs of its graphics cards.
const OUTPUTS: &str = "/sys/class/drm";
/// Panels narrower or wider are not believed, in millimeters.
const WIDTHS_MM: std::ops::RangeInclusive<u32> = 20..=5_000;
/// An EDID's first block; blocks after it are not needed.
const BLOCK_BYTES: usize = 128;
/// The first bytes of every EDID.
const MAGIC: [u8; 8] = [0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0];

/// The width of a connected panel in millimeters, a built-in one first; `None` where none says.
pub fn width_mm() -> Option<u32> {
    width_in(Path::new(OUTPUTS))
}

fn width_in(outputs: &Path) -> Option<u32> {
    let mut names: Vec<_> = std::fs::read_dir(outputs)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    names.sort_by_key(|path| (!is_built_in(path), path.clone()));
    names.iter().find_map(|output| {
        let status = std::fs::read_to_string(output.join("status")).ok()?;
        let edid = (status.trim() == "connected").then(|| first_block(output))??;
        width_of(&edid)
    })
}

fn is_built_in(output: &Path) -> bool {
    let name = output.to_string_lossy();
    ["-eDP-", "-DSI-", "-LVDS-"]
        .iter()
        .any(|mark| name.contains(mark))
}

fn first_block(output: &Path) -> Option<[u8; BLOCK_BYTES]> {
    let mut block = [0; BLOCK_BYTES];
    let mut file = std::fs::File::open(output.join("edid")).ok()?;
    file.read_exact(&mut block).ok()?;
    Some(block)
}

/// The width in the first block of an EDID: in millimeters of the first timing, else in whole
/// centimeters of the screen. A projector says zero.
fn width_of(edid: &[u8; BLOCK_BYTES]) -> Option<u32> {
    let sum = edid.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    if !edid.starts_with(&MAGIC) || sum != 0 {
        return None;
    }
    let byte = |at: usize| edid.get(at).copied().map(u32::from);
    let has_timing = byte(54)? != 0 || byte(55)? != 0;
    let of_timing = if has_timing {
        byte(66)? | (byte(68)? & 0xf0) << 4
    } else {
        0
    };
    let of_screen = byte(21)?.saturating_mul(10);
    [of_timing, of_screen]
        .into_iter()
        .find(|width| WIDTHS_MM.contains(width))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edid(changes: &[(usize, u8)]) -> [u8; BLOCK_BYTES] {
        let mut block = [0; BLOCK_BYTES];
        block[..8].copy_from_slice(&MAGIC);
        for (at, byte) in changes {
            block[*at] = *byte;
        }
        let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[127] = sum.wrapping_neg();
        block
    }

    #[test]
    fn the_timing_is_finer_than_the_screen() {
        // A 15.6 inch panel: 344 mm in the timing, 34 cm for the screen.
        let panel = edid(&[(21, 34), (54, 0x1a), (66, 0x58), (68, 0x10)]);
        assert_eq!(width_of(&panel), Some(344));
        assert_eq!(width_of(&edid(&[(21, 34)])), Some(340));
        assert_eq!(width_of(&edid(&[])), None, "a projector");
        // Some screens put 16 by 9, their ratio, where millimeters belong.
        assert_eq!(width_of(&edid(&[(21, 60), (54, 1), (66, 16)])), Some(600));
    }

    #[test]
    fn what_is_no_edid_says_nothing() {
        let mut broken = edid(&[(21, 34)]);
        broken[21] = 35;
        assert_eq!(width_of(&broken), None);
        assert_eq!(width_of(&[0; BLOCK_BYTES]), None);
    }

    #[test]
    fn a_built_in_panel_comes_first_and_only_connected_ones_count() {
        let folder = tempfile::tempdir().unwrap();
        for (name, status, width) in [
            ("card0-HDMI-A-1", "connected\n", 60),
            ("card1-eDP-1", "connected\n", 22),
            ("card0-DSI-1", "disconnected\n", 15),
        ] {
            let output = folder.path().join(name);
            std::fs::create_dir(&output).unwrap();
            std::fs::write(output.join("status"), status).unwrap();
            std::fs::write(output.join("edid"), edid(&[(21, width)])).unwrap();
        }
        std::fs::create_dir(folder.path().join("renderD128")).unwrap();
        assert_eq!(width_in(folder.path()), Some(220));
    }
}
