//! What several files of tests share: a client whose network and clock are ours, a world in which several things happen
//! at once, and the table of what goes out.
#![allow(dead_code, unused_imports, reason = "each file of tests uses a part")]

mod bench;
mod directory;
mod limits;
mod network;
mod wire;
mod world;

pub use bench::{Bench, FakeClock, Outcome, answer, answering, bench, headed, lost, nothing, scripted, told};
pub use directory::{Directory, respond};
pub use limits::{Bucket, Count, limited};
pub use network::{Fate, Network, Seen, Sim, Tokens, limits};
pub use wire::{decoded, golden, json, line, text};
pub use world::{Random, START, Task, World};
