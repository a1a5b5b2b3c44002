//! The program itself: what it prints, and how it ends.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgdeck-sandbox"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(args: &[&str]) -> Output {
    command(args).output().unwrap()
}

/// Exit code 2, nothing on standard output, one line on standard error that has these words.
fn assert_refused(args: &[&str], words: &[&str]) {
    let output = run(args);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert!(output.stdout.is_empty());
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    for word in words {
        assert!(complaint.contains(word), "{word} in {complaint}");
    }
}

/// A program that is stopped when the test ends, however it ends.
struct Running(Child);

impl Running {
    fn start(args: &[&str]) -> (Self, String) {
        let mut child = command(args).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        (Running(child), line)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_first_line_says_where_it_listens() {
    let (_running, line) = Running::start(&["--port", "0", "--people", "5"]);
    let port: u16 = line
        .strip_prefix("orgdeck-sandbox listening on http://127.0.0.1:")
        .and_then(|rest| rest.strip_suffix('\n'))
        .unwrap_or_else(|| panic!("{line:?}"))
        .parse()
        .unwrap();
    let mut client = TcpStream::connect(("127.0.0.1", port)).unwrap();
    client.write_all(b"GET /_sandbox/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(r#"{"ok":true,"people":5,"revision":"r2"}"#), "{answer}");
}

#[test]
fn rate_limits_are_taken_from_the_flag() {
    let (_running, line) =
        Running::start(&["--port", "0", "--people", "5", "--rate-limit", "genesys=300/min"]);
    let address = line.trim().strip_prefix("orgdeck-sandbox listening on http://").unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    client.write_all(b"GET /_sandbox/limits HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(r#"{"close":null,"genesys":"300/min"}"#), "{answer}");
}

#[cfg(unix)]
#[test]
fn it_stops_when_asked_to() {
    let (mut running, _) = Running::start(&["--port", "0", "--people", "5"]);
    let id = running.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}

#[test]
fn anything_but_loopback_is_warned_about() {
    let (mut running, line) = Running::start(&["--bind", "0.0.0.0", "--port", "0", "--people", "5"]);
    assert!(line.starts_with("orgdeck-sandbox listening on http://0.0.0.0:"), "{line}");
    let mut warning = String::new();
    BufReader::new(running.0.stderr.as_mut().unwrap()).read_line(&mut warning).unwrap();
    assert!(warning.starts_with("warning:") && warning.contains("0.0.0.0"), "{warning}");
}

#[test]
fn a_port_in_use_is_refused() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    assert_refused(&["--port", &port], &["port", &port, "in use"]);
}

#[test]
fn a_broken_database_is_refused_and_not_touched() {
    let path = std::env::temp_dir().join(format!("orgdeck-sandbox-broken-{}.db", std::process::id()));
    let content = "SQLite format 4, or so it says\n".repeat(200);
    std::fs::write(&path, &content).unwrap();
    assert_refused(&["--port", "0", "--db", path.to_str().unwrap()], &["database", path.to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    std::fs::remove_file(&path).unwrap();
}

#[test]
fn a_missing_folder_is_refused() {
    assert_refused(&["--port", "0", "--www", "/no/such/folder"], &["/no/such/folder"]);
    assert_refused(&["--port", "0", "--pkg", "/no/such/folder"], &["/no/such/folder"]);
}

#[test]
fn unknown_flags_and_bad_values_are_refused_in_one_line() {
    assert_refused(&["--bogus"], &["--bogus"]);
    assert_refused(&["--port", "many"], &["--port", "many"]);
    assert_refused(&["--port", "70000"], &["--port"]);
    assert_refused(&["--people", "1"], &["--people"]);
    assert_refused(&["--close-revision", "r3"], &["--close-revision", "r3", "r1", "r2"]);
    assert_refused(&["--genesys-conflict", "410"], &["--genesys-conflict", "410", "409", "400"]);
    assert_refused(&["--genesys-lag-ms", "3600001"], &["--genesys-lag-ms"]);
    assert_refused(&["--rate-limit", "close=20"], &["--rate-limit", "close=20", "20/s"]);
    assert_refused(&["--rate-limit", "acme=20/s"], &["--rate-limit", "acme"]);
    assert_refused(&["--db"], &["--db"]);
    assert_refused(&["extra"], &["extra"]);
}

#[test]
fn help_explains_every_flag() {
    let output = run(&["--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for flag in [
        "--port",
        "--bind",
        "--people",
        "--groups",
        "--seed",
        "--db",
        "--latency-ms",
        "--close-revision",
        "--strict-fields",
        "--max-limit",
        "--genesys-groups",
        "--genesys-lag-ms",
        "--genesys-lag-create",
        "--genesys-conflict",
        "--genesys-hide-headers",
        "--rate-limit",
        "close=20/s",
        "genesys=300/min",
        "--www",
        "--pkg",
        "api_sandbox",
        "sandbox-genesys-token",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
    assert_eq!(run(&["--version"]).status.code(), Some(0));
}
