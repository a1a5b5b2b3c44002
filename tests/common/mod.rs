//! What several files of tests share: a client whose network and clock are ours, and the table of what goes out.
#![allow(dead_code, unused_imports, reason = "each file of tests uses a part")]

mod bench;
mod wire;

pub use bench::{Bench, FakeClock, Outcome, answer, answering, bench, headed, nothing, scripted, told};
pub use wire::{decoded, golden, json, line, text};
