//! ZPL: a label is what stands from `^XA` to `^XZ`.

use super::Step;

/// Bytes of a command's name, with the sign before it.
const NAME: usize = 3;

/// What it has read of a label.
#[derive(Debug, Default)]
pub(in super::super) struct Zpl {
    /// A command's name, as far as it came: two bytes behind the sign, whatever they are.
    name: Vec<u8>,
    /// The label, from its beginning; none outside of one.
    label: Option<Vec<u8>>,
}

impl Zpl {
    pub(super) const fn is_within(&self) -> bool {
        self.label.is_some()
    }

    pub(super) fn take(&mut self, byte: u8) -> Step {
        if self.name.is_empty() && !matches!(byte, b'^' | b'~') {
            if let Some(label) = &mut self.label {
                label.push(byte);
            }
            return Step::Nothing;
        }
        self.name.push(byte);
        if self.name.len() < NAME {
            return Step::Nothing;
        }
        let name = std::mem::take(&mut self.name);
        match name.as_slice() {
            // A label within a label is one with its beginning.
            b"^XA" => {
                let is_first = self.label.is_none();
                self.label.get_or_insert_default().extend(name);
                if is_first {
                    return Step::Begin;
                }
            }
            b"~JX" => self.label = None,
            b"~HS" => {}
            b"^XZ" => {
                if let Some(mut label) = self.label.take() {
                    label.extend(name);
                    return Step::Print(vec![label]);
                }
            }
            _ => {
                if let Some(label) = &mut self.label {
                    label.extend(name);
                }
            }
        }
        Step::Nothing
    }
}
