//! `cargo xtask faults`: what becomes of calls that meet a fault, as docs/faults.md has it.

use std::fs;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result};

use crate::cargo::cargo;
use crate::process;
use crate::project;

#[derive(clap::Args)]
pub struct Arguments {
    /// Write docs/faults.md instead of comparing it.
    #[arg(long)]
    bless: bool,
}

/// Lets every fault happen. A test holds the page to what was seen, so what is printed is the page.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "orgdeck", "--test", "faults"]);
    if arguments.bless {
        command.env("BLESS", "1");
    }
    // What a test that fails has to say stays on the terminal, and out of a page that is piped somewhere.
    process::run(command.stdout(Stdio::from(std::io::stderr())))?;
    let page =
        fs::read_to_string(project::root().join("docs/faults.md")).context("cannot read docs/faults.md")?;
    print!("{page}");
    Ok(ExitCode::SUCCESS)
}
