//! Prints the library's TypeScript declarations for `cargo xtask types`.
//!
//! An example and not a part of xtask, because xtask must run, and say what is wrong, when the library does not
//! compile.

fn main() {
    print!("{}", orgdeck::typescript());
}
