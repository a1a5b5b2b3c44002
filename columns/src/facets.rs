//! How often values occur.

use orgdeck_cells::{Cell, Column};

use crate::bits::Bits;
use crate::rank::Ranks;

/// Shows the cells of a column that some rows have, and how many of the rows have each; one of those whose `ranks` are the
/// same.
pub fn count(column: &Column, rows: &Bits, ranks: &Ranks, show: &mut dyn FnMut(Cell<'_>, u32)) {
    // How many there are by rank, those of what is missing last, and the place of one of them.
    let mut counts = vec![(0_u32, 0_usize); ranks.count as usize + 1];
    for row in rows.iter() {
        if let Some(count) = counts.get_mut(ranks.at(column, row) as usize) {
            *count = (count.0 + 1, row);
        }
    }
    for (count, row) in counts {
        if count > 0 {
            show(column.get(row), count);
        }
    }
}
