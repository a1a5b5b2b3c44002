//! `cargo xtask types`: the TypeScript types of the records, generated from the Rust declarations.

use std::fs;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::cargo::cargo;
use crate::process;
use crate::project;

const FILE: &str = "models.d.ts";

const HEADER: &str =
    "// Generated from the Rust declarations by `cargo xtask types --bless`; do not edit.\n\n";

#[derive(clap::Args)]
pub struct Arguments {
    /// Write pkg/models.d.ts instead of comparing it.
    #[arg(long)]
    bless: bool,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.bless {
        fs::write(project::package().join(FILE), generated()?).context("cannot write pkg/models.d.ts")?;
    } else {
        check()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fails when the file in the package is not what the library says.
pub fn check() -> Result<()> {
    let generated = generated()?;
    let path = project::package().join(FILE);
    let found = if path.exists() {
        fs::read_to_string(&path).context("cannot read pkg/models.d.ts")?
    } else {
        String::new()
    };
    match difference(&generated, &found) {
        None => Ok(()),
        Some(line) => bail!(
            "pkg/{FILE} differs from the Rust declarations at line {line}: run `cargo xtask types --bless`"
        ),
    }
}

fn generated() -> Result<String> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "xtask", "--example", "typescript"]);
    // Cargo's messages stay on the terminal: when the library does not compile, they are what matters.
    let text = process::read(command.stderr(Stdio::inherit())).context("the types cannot be generated")?;
    Ok(format!("{HEADER}{}\n", text.trim()))
}

/// The first line, counted from one, where two texts differ.
fn difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.split('\n').zip(other.split('\n')).take_while(|(a, b)| a == b).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_different_line_is_named() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(difference("a\nb\n", "a\n"), Some(2));
        assert_eq!(difference("a\n", ""), Some(1));
    }
}
