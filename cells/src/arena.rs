//! The bytes of cells, in blocks that never move: a vector of all of them would be copied as it grows, and leave holes
//! behind that a page's memory never gives back.

use crate::cell::{Cell, Kind};
use crate::error::TooLarge;
use crate::wide::copy;

/// Where a cell is: the number of its block, and its offset there. Those below [`FIRST`] are the cells that say all by
/// their kind.
pub type Address = u32;

/// The first address in a block.
pub const FIRST: u32 = 8;
const SHIFT: u32 = 16;
/// The bytes of a block. With what the allocator keeps of each, four of them take as much as a piece of a text did.
pub const BLOCK: usize = (1 << SHIFT) - 16;

/// The offset in an address.
const MASK: usize = (1 << SHIFT) - 1;

/// The longest that a head can be.
const MAX_HEAD: usize = 5;
/// The longest that a cell can be with its head, so that the head fits into 32 bits.
const MAX_CELL: usize = (u32::MAX >> 4) as usize;

/// Blocks of cells. In front of each cell stands its length, times eight plus its kind, in groups of seven bits.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    /// Each as long as there is room in it.
    blocks: Vec<Vec<u8>>,
    /// Bytes of the last one that are taken.
    used: usize,
}

/// How far an arena was.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mark {
    blocks: usize,
    used: usize,
}

impl Arena {
    /// Adds a cell.
    #[inline]
    pub fn push(&mut self, cell: Cell<'_>) -> Result<Address, TooLarge> {
        if cell.kind.is_whole() {
            return Ok(cell.kind as u32);
        }
        let due = cell.bytes.len() + MAX_HEAD;
        if self.used + due > self.blocks.last().map_or(0, Vec::len) {
            self.open(due)?;
        }
        let (count, start) = (self.blocks.len(), self.used);
        let Some(room) = self.blocks.last_mut().and_then(|last| last.get_mut(start..)) else {
            return Err(TooLarge);
        };
        let (mut head, mut at) = (cell.bytes.len() << 3 | cell.kind as usize, 0);
        while head > 0x7f {
            if let Some(byte) = room.get_mut(at) {
                *byte = head as u8 | 0x80;
            }
            head >>= 7;
            at += 1;
        }
        if let Some(byte) = room.get_mut(at) {
            *byte = head as u8;
        }
        let end = at + 1 + cell.bytes.len();
        copy(room.get_mut(at + 1..end).unwrap_or_default(), cell.bytes);
        self.used = start + end;
        Ok(((count - 1) as u32) << SHIFT | start as u32)
    }

    /// Makes room: in the last block as long as it is the only one and small, or in another one.
    #[cold]
    fn open(&mut self, due: usize) -> Result<(), TooLarge> {
        if due > MAX_CELL {
            return Err(TooLarge);
        }
        if let [only] = self.blocks.as_mut_slice()
            && self.used + due <= BLOCK
        {
            let size = (only.len() * 2).max(self.used + due).min(BLOCK);
            only.try_reserve_exact(size - only.len()).map_err(|_| TooLarge)?;
            only.resize(size, 0);
            return Ok(());
        }
        let is_first = self.blocks.is_empty();
        let size = if is_first { due + FIRST as usize } else { due.max(BLOCK) };
        let mut block = Vec::new();
        block.try_reserve_exact(size).map_err(|_| TooLarge)?;
        block.resize(size, 0);
        self.append(block, if is_first { FIRST as usize } else { 0 })
    }

    /// Adds a block, so much of which is taken.
    fn append(&mut self, block: Vec<u8>, used: usize) -> Result<(), TooLarge> {
        if self.blocks.len() >= 1 << (32 - SHIFT) {
            return Err(TooLarge);
        }
        self.blocks.try_reserve(1).map_err(|_| TooLarge)?;
        // What was not used of the block before is not looked at.
        if let Some(last) = self.blocks.last_mut() {
            last.truncate(self.used);
        }
        self.blocks.push(block);
        self.used = used;
        Ok(())
    }

    /// The cell at an address.
    pub fn get(&self, address: Address) -> Cell<'_> {
        self.get_here(address)
    }

    /// The same, where it is called, for the one place where the call would count.
    #[inline(always)]
    pub fn get_here(&self, address: Address) -> Cell<'_> {
        if address < FIRST {
            return Cell::new(Kind::of(address), &[]);
        }
        parse(self.rest(address)).0
    }

    /// The bytes from an address on to the end of its block.
    #[inline(always)]
    pub fn rest(&self, address: Address) -> &[u8] {
        let (block, at) = self.block(address);
        block.get(at..).unwrap_or_default()
    }

    /// The block of an address, and where in it that is.
    #[inline(always)]
    pub fn block(&self, address: Address) -> (&[u8], usize) {
        let block = self.blocks.get((address >> SHIFT) as usize).map_or(&[][..], Vec::as_slice);
        (block, address as usize & MASK)
    }

    /// Where its last cell ends.
    pub fn mark(&self) -> Mark {
        Mark { blocks: self.blocks.len(), used: self.used }
    }

    /// Takes back what was added since.
    pub fn truncate(&mut self, mark: Mark) {
        self.blocks.truncate(mark.blocks);
        self.used = mark.used;
    }

    /// Takes back a cell that takes room, and what was added since.
    pub fn cut(&mut self, address: Address) {
        let (block, start) = ((address >> SHIFT) as usize, address as usize & MASK);
        if address == FIRST || start == 0 {
            // It has the block that was opened for it, which may be longer than others.
            self.blocks.truncate(block);
            self.used = self.blocks.last().map_or(0, Vec::len);
        } else {
            self.truncate(Mark { blocks: block + 1, used: start });
        }
    }

    /// Gives back the room that is left.
    pub fn shrink(&mut self) {
        if let Some(last) = self.blocks.last_mut() {
            last.truncate(self.used);
            last.shrink_to_fit();
        }
    }

    /// Bytes that it takes.
    pub fn byte_len(&self) -> usize {
        self.blocks.iter().map(|block| block.capacity() + size_of::<Vec<u8>>()).sum()
    }
}

/// The cell that some bytes begin with, and how long it is with its head; none when they are no cell.
#[inline]
pub fn read(bytes: &[u8]) -> Option<(Cell<'_>, usize)> {
    let mut head = 0_u64;
    let mut at = 0;
    loop {
        let byte = *bytes.get(at)?;
        head |= u64::from(byte & 0x7f) << (7 * at);
        at += 1;
        if byte < 0x80 {
            break;
        }
        if at == MAX_HEAD {
            return None;
        }
    }
    let (kind, len) = (*Kind::ALL.get(head as usize & 7)?, (head >> 3) as usize);
    let content = bytes.get(at..)?.get(..len)?;
    let is_due = if kind.is_whole() { len == 0 } else { len + MAX_HEAD <= MAX_CELL };
    is_due.then_some((Cell::new(kind, content), at + len))
}

/// The cell that some bytes begin with, and how long its head is.
#[inline(always)]
pub fn parse(bytes: &[u8]) -> (Cell<'_>, usize) {
    let (kind, at, end) = bounds(bytes);
    (Cell::new(kind, bytes.get(at..end).unwrap_or_default()), at)
}

/// The kind of the cell that some bytes begin with, and where in them its content begins and ends.
#[inline(always)]
pub fn bounds(bytes: &[u8]) -> (Kind, usize, usize) {
    let (head, at) = match bytes.first_chunk() {
        // Most are shorter than 2,048 bytes. No branch between those of one byte and of two: which it is cannot be foreseen.
        Some(&[low, high]) if low & high < 0x80 => {
            let is_two = usize::from(low >> 7);
            (usize::from(low & 0x7f) | ((usize::from(high) << 7) * is_two), 1 + is_two)
        }
        _ => long(bytes),
    };
    (Kind::of(head as u32 & 7), at, at + (head >> 3))
}

/// A head of any length, and that.
#[cold]
fn long(bytes: &[u8]) -> (usize, usize) {
    let (mut head, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        head |= (byte as usize & 0x7f) << (7 * at);
        at += 1;
        if byte < 0x80 || at == MAX_HEAD {
            break;
        }
    }
    (head, at)
}
