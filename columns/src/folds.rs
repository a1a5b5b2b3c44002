//! Folded copies of the texts that are not all ASCII. Of the others none are needed: [`Needle`](crate::Needle) does not
//! regard case.

use orgdeck_cells::{Column, TooLarge};

/// Texts that are folded at once, in bytes: a call out costs as much as folding a text of some length.
const PIECE: usize = 1 << 16;

/// For each of the texts of a column that are not all ASCII a folded copy.
#[derive(Clone, Debug, Default)]
pub struct Folds {
    /// The copies, a line feed behind each.
    text: Vec<u8>,
    /// Where each ends.
    ends: Vec<u32>,
    /// That of the column: when its texts move, the copies are made again.
    epoch: u32,
}

impl Folds {
    /// Takes in what has come since the last time. `fold` is given texts, a line each or more, and has to give back as
    /// many lines, each character folded for itself.
    ///
    /// # Errors
    /// When there is no memory left.
    pub fn update(&mut self, column: &Column, fold: &mut dyn FnMut(&str) -> String) -> Result<(), TooLarge> {
        if self.epoch != column.epoch() {
            *self = Self { epoch: column.epoch(), ..Self::default() };
        }
        let wide = column.wide();
        while self.ends.len() < wide.len() {
            let (mut texts, mut last) = (Vec::new(), self.ends.len());
            while texts.len() < PIECE
                && let Some(address) = wide.get(last)
            {
                texts.extend_from_slice(column.at(*address).bytes);
                texts.push(b'\n');
                last += 1;
            }
            let mut end = self.text.len();
            let folded = fold(str::from_utf8(&texts).unwrap_or_default());
            self.text.try_reserve(folded.len()).map_err(|_| TooLarge)?;
            self.text.extend_from_slice(folded.as_bytes());
            self.ends.try_reserve(last - self.ends.len()).map_err(|_| TooLarge)?;
            while self.ends.len() < last
                && let Some(address) = wide.get(self.ends.len())
            {
                // A text may have line feeds of its own.
                for byte in column.at(*address).bytes {
                    if *byte == b'\n' {
                        end = self.line(end) + 1;
                    }
                }
                end = self.line(end);
                self.ends.push(end as u32);
                end += 1;
            }
        }
        Ok(())
    }

    /// Where the line ends that a place is in.
    fn line(&self, mut at: usize) -> usize {
        while self.text.get(at).is_some_and(|byte| *byte != b'\n') {
            at += 1;
        }
        at
    }

    /// The copies, a line feed behind each, and where each ends.
    pub fn copies(&self) -> (&[u8], &[u32]) {
        (&self.text, &self.ends)
    }

    /// Bytes that they take.
    pub const fn byte_len(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 4
    }
}
