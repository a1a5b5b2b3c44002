//! Whether a text lies between two others.

use crate::decimal::decimal;
use crate::utc;

/// What tells of most texts, and without reading them to their end, whether they lie in a range. Of other texts, and those
/// near its edges, it tells nothing.
#[derive(Clone, Copy, Debug)]
pub struct Between {
    /// Texts that begin with a date between these lie in the range, whatever follows. Dates are numbers such as 20260131.
    pub inside: [u32; 2],
    /// Those that begin with a date that is not between these lie outside.
    pub outside: [u32; 2],
    /// Decimal numbers from the first up to the second lie in the range, all others outside.
    pub numbers: Option<[f64; 2]>,
}

impl Between {
    /// What tells nothing.
    pub const NOTHING: Self = Self { inside: [u32::MAX, 0], outside: [0, u32::MAX], numbers: None };

    /// Whether a text lies in it, if that can be told.
    #[inline(always)]
    pub fn tell(&self, text: &[u8]) -> Option<bool> {
        let Some(date) = utc::date(text) else {
            let ([from, to], number) = (self.numbers?, decimal(text)?);
            return Some(from <= number && number <= to);
        };
        // No branch between them: which it is cannot be foreseen.
        let ([from, to], [first, last]) = (self.inside, self.outside);
        let (is_inside, is_outside) = ((date > from) & (date < to), (date < first) | (date > last));
        if is_inside | is_outside { Some(is_inside) } else { None }
    }
}
