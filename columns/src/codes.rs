//! For each row a small number, as narrow as can be.

use crate::bits::Bits;
use crate::error::TooLarge;

/// A number for each row. Where there is but one they take no memory, where there are two a bit each.
#[derive(Clone, Debug)]
pub enum Codes {
    /// So many times 0.
    Same(usize),
    /// 0 and 1.
    Two(Bits),
    /// Below 256.
    Bytes(Vec<u8>),
    /// Below 65,536.
    Pairs(Vec<u16>),
}

impl Codes {
    /// How many there are.
    pub const fn len(&self) -> usize {
        match self {
            Self::Same(len) => *len,
            Self::Two(bits) => bits.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Pairs(pairs) => pairs.len(),
        }
    }

    /// That of a row; 0 behind the last one.
    #[inline]
    pub fn get(&self, row: usize) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::Two(bits) => usize::from(bits.get(row)),
            Self::Bytes(bytes) => bytes.get(row).copied().unwrap_or(0).into(),
            Self::Pairs(pairs) => pairs.get(row).copied().unwrap_or(0).into(),
        }
    }

    /// Adds a row's.
    #[inline(always)]
    pub fn push(&mut self, code: usize) -> Result<(), TooLarge> {
        match self {
            Self::Bytes(bytes) if code < 1 << 8 => {
                bytes.try_reserve(1).map_err(|_| TooLarge)?;
                bytes.push(code as u8);
            }
            Self::Pairs(pairs) => {
                pairs.try_reserve(1).map_err(|_| TooLarge)?;
                pairs.push(code as u16);
            }
            _ => return self.push_narrow(code),
        }
        Ok(())
    }

    fn push_narrow(&mut self, code: usize) -> Result<(), TooLarge> {
        self.widen(code)?;
        match self {
            Self::Same(len) => *len += 1,
            Self::Two(bits) => bits.push(code == 1),
            _ => return self.push(code),
        }
        Ok(())
    }

    /// Changes that of a row that is there.
    pub fn set(&mut self, row: usize, code: usize) -> Result<(), TooLarge> {
        self.widen(code)?;
        match self {
            Self::Same(_) => {}
            Self::Two(bits) => bits.set(row, code == 1),
            Self::Bytes(bytes) => {
                if let Some(byte) = bytes.get_mut(row) {
                    *byte = code as u8;
                }
            }
            Self::Pairs(pairs) => {
                if let Some(pair) = pairs.get_mut(row) {
                    *pair = code as u16;
                }
            }
        }
        Ok(())
    }

    /// Forgets the rows behind the first so many.
    pub fn truncate(&mut self, rows: usize) {
        match self {
            Self::Same(len) => *len = rows.min(*len),
            Self::Two(bits) => bits.resize(rows.min(bits.len()), false),
            Self::Bytes(bytes) => bytes.truncate(rows),
            Self::Pairs(pairs) => pairs.truncate(rows),
        }
    }

    /// Makes them wide enough.
    fn widen(&mut self, code: usize) -> Result<(), TooLarge> {
        let len = self.len();
        let wide = match (&*self, code) {
            (Self::Same(_), 1) => Self::Two(Bits::new(len, false)),
            (Self::Same(_) | Self::Two(_), 2..256) => {
                let mut bytes = Vec::new();
                bytes.try_reserve(len + 1).map_err(|_| TooLarge)?;
                bytes.extend((0..len).map(|row| self.get(row) as u8));
                Self::Bytes(bytes)
            }
            (Self::Same(_) | Self::Two(_) | Self::Bytes(_), 256..) => {
                let mut pairs = Vec::new();
                pairs.try_reserve(len + 1).map_err(|_| TooLarge)?;
                pairs.extend((0..len).map(|row| self.get(row) as u16));
                Self::Pairs(pairs)
            }
            _ => return Ok(()),
        };
        *self = wide;
        Ok(())
    }

    /// The rows whose code is one of those that hit.
    pub fn select(&self, hits: &Bits) -> Bits {
        let len = self.len();
        match self {
            Self::Same(_) => Bits::new(len, hits.get(0)),
            Self::Two(bits) => match (hits.get(0), hits.get(1)) {
                (false, true) => bits.clone(),
                (true, false) => Bits::from_words(bits.words().iter().map(|word| !word).collect(), len),
                (both, _) => Bits::new(len, both),
            },
            Self::Bytes(bytes) => {
                let mut known = [0_u8; 256];
                for (code, hit) in known.iter_mut().enumerate() {
                    *hit = hits.get(code).into();
                }
                let words = bytes.chunks(64).map(|block| {
                    let mut word = 0;
                    for (at, byte) in block.iter().enumerate() {
                        word |= u64::from(known.get(usize::from(*byte)).copied().unwrap_or(0)) << at;
                    }
                    word
                });
                Bits::from_words(words.collect(), len)
            }
            Self::Pairs(pairs) => {
                let words = pairs.chunks(64).map(|block| {
                    let mut word = 0;
                    for (at, pair) in block.iter().enumerate() {
                        word |= u64::from(hits.get(usize::from(*pair))) << at;
                    }
                    word
                });
                Bits::from_words(words.collect(), len)
            }
        }
    }

    /// Gives back the room that is left.
    pub fn shrink(&mut self) {
        match self {
            Self::Same(_) | Self::Two(_) => {}
            Self::Bytes(bytes) => bytes.shrink_to_fit(),
            Self::Pairs(pairs) => pairs.shrink_to_fit(),
        }
    }

    /// Bytes that they take.
    pub const fn byte_len(&self) -> usize {
        match self {
            Self::Same(_) => 0,
            Self::Two(bits) => bits.byte_len(),
            Self::Bytes(bytes) => bytes.capacity(),
            Self::Pairs(pairs) => pairs.capacity() * 2,
        }
    }
}
