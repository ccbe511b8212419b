//! A device that never blocks: waiting is by `poll`, with a deadline.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;
use rustix::io::Errno;

/// What a device says when it was pulled out.
const GONE: [Errno; 4] = [Errno::IO, Errno::NODEV, Errno::NXIO, Errno::PIPE];

/// An open device.
#[derive(Debug)]
pub(super) struct Line(File);

impl Line {
    /// Opens a device to read and write without ever waiting for it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::open_with(OpenOptions::new().read(true).write(true), path)
    }

    /// Opens a file, or makes it, to write at its end.
    pub(super) fn append(path: &Path) -> io::Result<Self> {
        Self::open_with(OpenOptions::new().append(true).create(true), path)
    }

    fn open_with(options: &mut OpenOptions, path: &Path) -> io::Result<Self> {
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        options
            .custom_flags(flags.bits().cast_signed())
            .open(path)
            .map(Self)
    }

    /// Writes some of the bytes once there is room; 0 where there was none within the time.
    pub(super) fn write(&mut self, bytes: &[u8], within: Duration) -> io::Result<usize> {
        if bytes.is_empty() || !self.wait(PollFlags::OUT, within)? {
            return Ok(0);
        }
        self.0.write(bytes).or_else(nothing_or_gone)
    }

    /// Reads what there is once there is something; none where nothing came within the time. Some of 0
    /// is an end, which some devices give for "nothing now".
    pub(super) fn read(
        &mut self,
        buffer: &mut [u8],
        within: Duration,
    ) -> io::Result<Option<usize>> {
        if buffer.is_empty() || !self.wait(PollFlags::IN, within)? {
            return Ok(None);
        }
        match self.0.read(buffer) {
            Ok(count) => Ok(Some(count)),
            Err(error) => nothing_or_gone(error).map(|_none| None),
        }
    }

    /// Waits until the device is ready, or there is an error to be fetched from it.
    fn wait(&self, ready: PollFlags, within: Duration) -> io::Result<bool> {
        let within = Timespec::try_from(within).map_err(io::Error::other)?;
        let mut asked = [PollFd::new(&self.0, ready)];
        match poll(&mut asked, Some(&within)) {
            Ok(count) => Ok(count > 0),
            Err(Errno::INTR) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

/// The printer is no longer there.
pub(super) fn gone() -> io::Error {
    ErrorKind::BrokenPipe.into()
}

fn nothing_or_gone(error: io::Error) -> io::Result<usize> {
    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) {
        return Ok(0);
    }
    match Errno::from_io_error(&error) {
        Some(number) if GONE.contains(&number) => Err(gone()),
        _ => Err(error),
    }
}
