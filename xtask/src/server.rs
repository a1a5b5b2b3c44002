//! Starting the sandbox and knowing when it is ready.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Running;
use crate::project;

const READY: &str = "orgdeck-sandbox listening on ";

/// Seeding a hundred thousand people takes seconds, on a busy machine many.
const PATIENCE: Duration = Duration::from_secs(120);

/// A sandbox to start.
pub struct Options {
    pub port: u16,
    pub arguments: Vec<String>,
    /// Serves the console and the package.
    pub console: bool,
    /// Its messages go to the terminal; otherwise they are kept for `Sandbox::messages`.
    pub visible: bool,
}

/// A sandbox that is ready, until it is dropped.
pub struct Sandbox {
    running: Running,
    messages: Option<File>,
    /// Its address, without a slash at the end.
    pub url: String,
}

impl Sandbox {
    pub fn start(program: &Path, options: &Options) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .current_dir(project::root())
            .args(["--port", &options.port.to_string()])
            .args(&options.arguments);
        if options.console {
            command.args(["--www", "www", "--pkg", "pkg"]);
        }
        let mut messages = None;
        if !options.visible {
            let file = tempfile::tempfile()?;
            command.stderr(file.try_clone()?);
            messages = Some(file);
        }
        let running = Running::start(command.stdin(Stdio::null()).stdout(Stdio::piped()))?;
        let stdout = running.child().stdout.take().context("the sandbox has no output")?;
        let (sender, lines) = mpsc::channel();
        // Reads to the end, so that the sandbox never waits for somebody to take its output.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let mut sandbox = Self { running, messages, url: String::new() };
        let deadline = Instant::now() + PATIENCE;
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    if let Some(url) = line.strip_prefix(READY) {
                        sandbox.url = url.trim().trim_end_matches('/').to_owned();
                        return Ok(sandbox);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    bail!("the sandbox was not ready after {} s. {}", PATIENCE.as_secs(), sandbox.messages())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = sandbox.wait()?;
                    bail!("the sandbox ended before it was ready ({status}). {}", sandbox.messages())
                }
            }
        }
    }

    /// Waits for it to end, which it does when somebody stops it.
    pub fn wait(&self) -> Result<ExitStatus> {
        self.running.wait()
    }

    /// What it has written to its standard error.
    pub fn messages(&mut self) -> String {
        let mut text = String::new();
        if let Some(file) = &mut self.messages {
            let _ = file.rewind().and_then(|()| file.read_to_string(&mut text).map(drop));
        }
        text.trim().to_owned()
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn script(text: &str) -> tempfile::TempPath {
        let file = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        std::fs::write(&file, format!("#!/bin/sh\n{text}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    fn start(text: &str) -> Result<Sandbox> {
        Sandbox::start(&script(text), &Options { port: 0, arguments: vec![], console: false, visible: false })
    }

    #[test]
    fn the_ready_line_gives_the_address() {
        let sandbox = start("echo orgdeck-sandbox listening on http://127.0.0.1:1234; sleep 60").unwrap();
        assert_eq!(sandbox.url, "http://127.0.0.1:1234");
    }

    #[test]
    fn a_sandbox_that_cannot_start_says_why() {
        let error = start("echo the port is taken >&2; exit 2").err().unwrap().to_string();
        assert!(error.contains("the port is taken") && error.contains("exit status: 2"), "{error}");
    }
}
