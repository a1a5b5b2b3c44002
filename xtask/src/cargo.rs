//! Calling cargo from within cargo.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Running};
use crate::project;

pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(project::root());
    command
}

/// `cargo metadata`. With `dependencies`, it also downloads what is not there yet.
pub fn metadata(dependencies: bool) -> Result<Value> {
    let mut command = cargo();
    command.args(["metadata", "--format-version", "1"]);
    if !dependencies {
        command.arg("--no-deps");
    }
    let text = process::read(&mut command)?;
    serde_json::from_str(&text).context("cargo metadata did not print JSON")
}

pub fn target_directory(metadata: &Value) -> Result<PathBuf> {
    let directory = metadata.get("target_directory").and_then(Value::as_str);
    directory.map(PathBuf::from).context("cargo metadata names no target directory")
}

/// Builds one package and returns the files it made. Cargo's own progress stays on the terminal; where the
/// files are is asked of cargo, because a target directory can be set in many places.
pub fn build(package: &str, configure: impl FnOnce(&mut Command)) -> Result<Vec<PathBuf>> {
    let mut command = cargo();
    command.args(["build", "--package", package, "--message-format=json-render-diagnostics"]);
    configure(&mut command);
    let running = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
    let stdout = running.child().stdout.take().context("cargo has no output")?;
    let mut files = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let message: Value = match serde_json::from_str(&line?) {
            Ok(message) => message,
            Err(_) => continue,
        };
        let of_package = message
            .pointer("/target/name")
            .and_then(Value::as_str)
            .is_some_and(|name| name == package || name == package.replace('-', "_"));
        if of_package {
            let names = message.get("filenames").and_then(Value::as_array).into_iter().flatten();
            files.extend(names.filter_map(Value::as_str).map(PathBuf::from));
        }
    }
    if !running.wait()?.success() {
        bail!("{package} does not build; the messages are above");
    }
    Ok(files)
}

/// The sandbox's program. The development profile: its dependencies are shared with the tests, and it is fast
/// enough for a hundred thousand people.
pub fn sandbox() -> Result<PathBuf> {
    let name = format!("orgdeck-sandbox{}", env::consts::EXE_SUFFIX);
    let files = build("orgdeck-sandbox", |command| {
        command.args(["--bin", "orgdeck-sandbox"]);
    })?;
    let program = files.into_iter().find(|file| file.file_name().is_some_and(|file| file == name.as_str()));
    program.context("cargo built no orgdeck-sandbox program")
}
