//! Products' pictures: fetched once, made small, kept in the data folder.
//!
//! They come from outside, so size and dimensions are bounded before anything is decoded. What is
//! kept is always a PNG of ours.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use sha2::{Digest as _, Sha256};

use crate::domain::id::hex;
use crate::domain::picture::Picture;

/// The largest picture file, in bytes.
pub const SOURCE_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// The longer side of a kept picture, in pixels.
pub const SIDE_MAX: u32 = 256;
/// The longest side that is decoded, in pixels.
const SOURCE_SIDE_MAX: u32 = 8_192;
/// The most memory that decoding may take, in bytes.
const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The download did not work.
    #[error("the picture {address} could not be fetched: {reason}")]
    Download {
        /// From where.
        address: String,
        /// Why.
        reason: String,
    },
    /// A file cannot be read or written.
    #[error("the picture file {path} cannot be used: check its name and its rights")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Too many bytes or pixels.
    #[error("the picture {0} is too large: at most 8 MiB and 8192 pixels a side")]
    TooLarge(String),
    /// It is no picture.
    #[error("{name} is not a picture that can be read: use PNG, JPEG or WebP")]
    Unreadable {
        /// Which one.
        name: String,
        /// Why.
        #[source]
        source: image::ImageError,
    },
}

/// The pictures in the data folder.
#[derive(Clone, Debug)]
pub struct Pictures {
    data: PathBuf,
    folder: PathBuf,
}

impl Pictures {
    /// Uses, and makes, the folder `pictures` in the data folder.
    pub fn open(data: &Path) -> Result<Self, PictureError> {
        let folder = data.join("pictures");
        std::fs::create_dir_all(&folder).map_err(|source| file(&folder, source))?;
        Ok(Self {
            data: data.to_owned(),
            folder,
        })
    }

    /// Whether the picture of a source is kept already.
    pub fn has(&self, source: &str) -> bool {
        self.kept(source).is_file()
    }

    /// Fetches a picture and keeps it. An address goes to `download`, which reads at most
    /// [`SOURCE_BYTES_MAX`] bytes; anything else is a file, its name taken from the data folder on.
    pub fn fetch(
        &self,
        source: &str,
        download: impl FnOnce(&str) -> Result<Vec<u8>, String>,
    ) -> Result<(), PictureError> {
        let bytes = if is_address(source) {
            download(source).map_err(|reason| PictureError::Download {
                address: source.to_owned(),
                reason,
            })?
        } else {
            read_bounded(&self.data.join(source))?
        };
        self.keep(source, &bytes)
    }

    /// Decodes, shrinks and keeps the picture of a source.
    pub fn keep(&self, source: &str, bytes: &[u8]) -> Result<(), PictureError> {
        let picture = shrink(decode(source, bytes)?);
        let mut png = Cursor::new(Vec::new());
        picture
            .write_to(&mut png, ImageFormat::Png)
            .map_err(|error| unreadable(source, error))?;
        let kept = self.kept(source);
        write_whole(&kept, png.get_ref()).map_err(|source| file(&kept, source))
    }

    /// The kept picture of a source.
    pub fn load(&self, source: &str) -> Result<Picture, PictureError> {
        let kept = self.kept(source);
        let picture = decode(source, &read_bounded(&kept)?)?.into_rgba8();
        Ok(Picture {
            width: side(picture.width()),
            height: side(picture.height()),
            rgba: picture.into_raw(),
        })
    }

    /// A name that no source can choose.
    fn kept(&self, source: &str) -> PathBuf {
        let name = hex(&Sha256::digest(source.as_bytes()));
        self.folder.join(format!("{name}.png"))
    }
}

fn side(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

/// Whether a picture comes over the network.
pub fn is_address(source: &str) -> bool {
    source.starts_with("https://") || source.starts_with("http://")
}

fn decode(name: &str, bytes: &[u8]) -> Result<DynamicImage, PictureError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > SOURCE_BYTES_MAX {
        return Err(PictureError::TooLarge(name.to_owned()));
    }
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| unreadable(name, error.into()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SOURCE_SIDE_MAX);
    limits.max_image_height = Some(SOURCE_SIDE_MAX);
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader
        .into_decoder()
        .map_err(|error| unreadable(name, error))?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > SOURCE_SIDE_MAX || decoder.total_bytes() > DECODE_BYTES_MAX {
        return Err(PictureError::TooLarge(name.to_owned()));
    }
    // Phones store photographs lying down and say how to turn them.
    let orientation = decoder
        .orientation()
        .map_err(|error| unreadable(name, error))?;
    let mut picture =
        DynamicImage::from_decoder(decoder).map_err(|error| unreadable(name, error))?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn shrink(picture: DynamicImage) -> DynamicImage {
    let picture = if picture.width().max(picture.height()) > SIDE_MAX {
        picture.thumbnail(SIDE_MAX, SIDE_MAX)
    } else {
        picture
    };
    DynamicImage::ImageRgba8(picture.into_rgba8())
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .and_then(|file| {
            file.take(SOURCE_BYTES_MAX.saturating_add(1))
                .read_to_end(&mut bytes)
        })
        .map_err(|source| file(path, source))?;
    Ok(bytes)
}

/// A power cut leaves the old file or the new one, never half of one.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let partial = path.with_extension("partial");
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(partial, path)
}

/// A bound that the decoder hit is told as such.
fn unreadable(name: &str, source: image::ImageError) -> PictureError {
    if matches!(source, image::ImageError::Limits(_)) {
        return PictureError::TooLarge(name.to_owned());
    }
    PictureError::Unreadable {
        name: name.to_owned(),
        source,
    }
}

fn file(path: &Path, source: std::io::Error) -> PictureError {
    PictureError::File {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(width, height)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        bytes.into_inner()
    }

    fn no_network(_address: &str) -> Result<Vec<u8>, String> {
        Err("no network".to_owned())
    }

    #[test]
    fn a_picture_is_kept_small_under_a_name_of_ours() {
        let data = tempfile::tempdir().unwrap();
        let pictures = Pictures::open(data.path()).unwrap();
        std::fs::write(data.path().join("tea.png"), png(1_000, 500)).unwrap();
        pictures.fetch("tea.png", no_network).unwrap();
        let tea = pictures.load("tea.png").unwrap();
        assert_eq!(
            (tea.width, tea.height, tea.rgba.len()),
            (256, 128, 256 * 128 * 4)
        );

        let address = "https://example.com/../../cake.png";
        assert!(!pictures.has(address));
        pictures
            .fetch(address, |asked| {
                assert_eq!(asked, address);
                Ok(png(3, 2))
            })
            .unwrap();
        assert!(pictures.has(address));
        assert_eq!(pictures.load(address).unwrap().width, 3);
        assert_eq!(
            std::fs::read_dir(data.path().join("pictures"))
                .unwrap()
                .count(),
            2
        );
    }

    #[test]
    fn what_is_no_picture_or_too_large_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let pictures = Pictures::open(data.path()).unwrap();
        let noise = pictures.keep("a", b"<html>login</html>");
        assert!(
            matches!(noise, Err(PictureError::Unreadable { .. })),
            "{noise:?}"
        );
        let wide = pictures.keep("b", &png(SOURCE_SIDE_MAX + 1, 1));
        assert!(matches!(wide, Err(PictureError::TooLarge(_))), "{wide:?}");
        let long = pictures.keep("c", &vec![0; 8 * 1024 * 1024 + 1]);
        assert!(matches!(long, Err(PictureError::TooLarge(_))), "{long:?}");
        let offline = pictures.fetch("http://example.com/d.png", no_network);
        assert!(matches!(offline, Err(PictureError::Download { .. })));
        let mut torn = png(90, 90);
        torn.truncate(60);
        assert!(pictures.keep("e", &torn).is_err());
        assert_eq!(
            std::fs::read_dir(data.path().join("pictures"))
                .unwrap()
                .count(),
            0
        );
    }
}
