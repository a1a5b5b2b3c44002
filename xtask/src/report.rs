//! What is said to the person at the terminal: steps with their time, and errors with their exit code.

use std::fmt;
use std::process::ExitCode;
use std::time::Instant;

/// Something is missing or taken on this machine. One line says what and how to mend it; exit code 2 sets it
/// apart from a build or a test that failed.
#[derive(Debug)]
pub struct Missing(String);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

pub fn missing(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Missing(message.into()))
}

pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<Missing>() { ExitCode::from(2) } else { ExitCode::FAILURE }
}

/// Announces a step, runs it and says how long it took.
pub fn step<T>(what: &str, run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let start = Instant::now();
    eprintln!("• {what}");
    let value = run()?;
    eprintln!("  done in {:.1} s", start.elapsed().as_secs_f64());
    Ok(value)
}
