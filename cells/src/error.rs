//! What goes wrong.

/// There is no memory left, or more of something than a table can number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;
