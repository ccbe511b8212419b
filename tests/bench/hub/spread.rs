//! How long things took.

/// Microseconds, in order of length once they are asked for.
#[derive(Default)]
pub(crate) struct Spread {
    micros: Vec<u32>,
}

impl Spread {
    pub(crate) fn add(&mut self, took: std::time::Duration) {
        self.micros
            .push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.micros.extend(other.micros);
    }

    pub(crate) const fn count(&self) -> usize {
        self.micros.len()
    }

    /// As long as this part of a hundred took at most.
    pub(crate) fn at(&self, percent: usize) -> u32 {
        let mut micros = self.micros.clone();
        micros.sort_unstable();
        let last = micros.len() - 1;
        micros[(micros.len() * percent / 100).min(last)]
    }
}

pub(crate) fn millis(micros: u32) -> String {
    format!("{:.1} ms", f64::from(micros) / 1e3)
}
