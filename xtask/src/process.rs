//! Running other programs so that none of them outlives this one.

use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};
use std::{io, thread};

use anyhow::{Context, Result, bail};

/// Every child alive. The signal handler ends them, each by its own handle, so that no process that merely
/// has the same name or a reused id is ever hit.
static CHILDREN: Mutex<Vec<Weak<Mutex<Child>>>> = Mutex::new(Vec::new());

const POLL: Duration = Duration::from_millis(20);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On Ctrl-C, SIGTERM and SIGHUP: ends the children, then this process.
pub fn stop_children_on_signals() -> Result<()> {
    ctrlc::set_handler(|| {
        for child in lock(&CHILDREN).drain(..).filter_map(|child| child.upgrade()) {
            let mut child = lock(&child);
            let _ = child.kill();
            let _ = child.wait();
        }
        std::process::exit(130);
    })
    .context("cannot listen for Ctrl-C")
}

/// A running program that ends when this handle is dropped.
pub struct Running {
    child: Arc<Mutex<Child>>,
}

impl Running {
    pub fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        // The lock is held over the start, so that a signal in between cannot miss the new child.
        let mut children = lock(&CHILDREN);
        let child = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let child = Arc::new(Mutex::new(child));
        children.retain(|other| other.strong_count() > 0);
        children.push(Arc::downgrade(&child));
        Ok(Self { child })
    }

    /// The child itself, to take its pipes.
    pub fn child(&self) -> MutexGuard<'_, Child> {
        lock(&self.child)
    }

    /// Waits for the end. Polls, because a blocking wait would keep the handle from the signal handler.
    pub fn wait(&self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.child().try_wait()? {
                return Ok(status);
            }
            thread::sleep(POLL);
        }
    }

    /// Waits for the end, but not beyond `deadline`.
    fn wait_until(&self, deadline: Instant) -> Result<Option<ExitStatus>> {
        while Instant::now() < deadline {
            if let Some(status) = self.child().try_wait()? {
                return Ok(Some(status));
            }
            thread::sleep(POLL);
        }
        Ok(None)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = self.child();
        if !matches!(child.try_wait(), Ok(Some(_))) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Runs a program that shares this terminal.
pub fn run(command: &mut Command) -> Result<()> {
    let name = describe(command);
    let status = Running::start(command)?.wait()?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

/// Runs a program for its standard output.
pub fn read(command: &mut Command) -> Result<String> {
    let name = describe(command);
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot start {name}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("`{name}` failed ({}): {}", output.status, stderr.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{name}` did not print text"))
}

/// What a program printed, both streams in the order they came, and whether it succeeded.
pub struct Captured {
    pub success: bool,
    pub output: String,
}

/// Runs a program quietly. Its last line is shown while it works, so that a long build is seen to move.
pub fn capture(label: &str, limit: Duration, command: &mut Command) -> Result<Captured> {
    let name = describe(command);
    let (reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let start = Instant::now();
    let running = Running::start(command)?;
    // The command holds our ends of the pipe, and reading ends only when all of them are closed.
    command.stdout(Stdio::null()).stderr(Stdio::null());

    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(reader).split(b'\n') {
            let Ok(line) = line else { break };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });

    let mut output = String::new();
    let mut progress = Progress::new(label);
    let mut ended = None;
    loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => {
                progress.show(start.elapsed(), &line);
                output.push_str(&line);
                output.push('\n');
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
            // A grandchild that stays behind keeps the pipe open; the program's own end is what counts.
            Err(RecvTimeoutError::Timeout) if ended.is_some() => break,
            Err(RecvTimeoutError::Timeout) => {
                ended = running.child().try_wait()?;
                if ended.is_none() && start.elapsed() > limit {
                    output.push_str(&format!("`{name}` was stopped after {} s\n", limit.as_secs()));
                    progress.clear();
                    return Ok(Captured { success: false, output });
                }
            }
        }
    }
    progress.clear();
    let status = match ended {
        Some(status) => Some(status),
        None => running.wait_until(start + limit)?,
    };
    if let Some(status) = status.filter(|status| !status.success()) {
        output.push_str(&format!("`{name}` failed ({status})\n"));
    }
    Ok(Captured { success: status.is_some_and(|status| status.success()), output })
}

/// One line that is written over on a terminal, and one line now and then in a log.
struct Progress {
    label: String,
    terminal: bool,
    next: Duration,
}

impl Progress {
    fn new(label: &str) -> Self {
        let terminal = io::stderr().is_terminal();
        let next = if terminal { Duration::ZERO } else { Duration::from_secs(30) };
        Self { label: label.to_owned(), terminal, next }
    }

    fn show(&mut self, elapsed: Duration, line: &str) {
        let line: String = line.trim().chars().filter(|c| !c.is_control()).take(60).collect();
        if elapsed < self.next || line.is_empty() {
            return;
        }
        let seconds = elapsed.as_secs();
        if self.terminal {
            self.next = elapsed + Duration::from_millis(100);
            eprint!("\r\x1b[2K  {} {seconds} s  {line}", self.label);
            let _ = io::stderr().flush();
        } else {
            self.next = elapsed + Duration::from_secs(30);
            eprintln!("  {} {seconds} s  {line}", self.label);
        }
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[2K");
            let _ = io::stderr().flush();
        }
    }
}

/// The command as a person would type it, without the folders of the machine.
fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let mut text = program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn both_streams_are_captured_in_order_with_the_verdict() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo one; echo two >&2; echo three; exit 3"]);
        let captured = capture("test", Duration::from_secs(20), &mut command).unwrap();
        assert!(!captured.success);
        assert!(captured.output.starts_with("one\ntwo\nthree\n"), "{}", captured.output);
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_hangs_is_stopped() {
        let mut command = Command::new("sleep");
        let captured = capture("test", Duration::from_millis(300), command.arg("60")).unwrap();
        assert!(!captured.success);
        assert!(captured.output.contains("was stopped"), "{}", captured.output);
    }

    #[cfg(unix)]
    #[test]
    fn a_child_ends_with_its_handle() {
        let running = Running::start(Command::new("sleep").arg("60")).unwrap();
        let child = Arc::clone(&running.child);
        drop(running);
        assert!(lock(&child).try_wait().unwrap().is_some());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new("orgdeck-no-such-program")).unwrap_err();
        assert!(format!("{error:#}").starts_with("cannot start orgdeck-no-such-program"));
    }
}
