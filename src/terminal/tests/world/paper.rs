//! The rows about paper that a step needs.

use super::World;
use crate::terminal::Rows;
use crate::terminal::printing::counts_as_copy;
use crate::terminal::step::Keys;

impl World {
    pub(super) fn rows_of_paper(&self, keys: &Keys) -> Rows {
        let prints: Vec<_> = keys
            .prints
            .iter()
            .filter_map(|id| self.disk.prints.get(id).cloned())
            .collect();
        let of_prints = prints.iter().map(|print| print.subject.clone());
        let subjects = of_prints.chain(keys.printed.iter().cloned());
        let count = |subject: &String| {
            let of_it = self
                .disk
                .prints
                .values()
                .filter(|print| print.subject == *subject)
                .filter(|print| counts_as_copy(&self.disk.facts_of(print.id)));
            u32::try_from(of_it.count()).unwrap()
        };
        Rows {
            copies: subjects
                .map(|subject| (subject.clone(), count(&subject)))
                .collect(),
            stickers: self
                .disk
                .stickers
                .values()
                .filter(|sticker| {
                    keys.stickers.contains(&sticker.id) || keys.codes.contains(&sticker.url)
                })
                .cloned()
                .collect(),
            prints,
            ..Rows::default()
        }
    }
}
