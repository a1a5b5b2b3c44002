//! What cargo runs a WebAssembly test binary with: wasm-bindgen's test runner in headless Chromium.
//!
//! The tests in `tests/web.rs` need a sandbox, and a page cannot read the environment. The runner serves the
//! folder it is started in beside the test page, so it is started in a folder with one file, `/sandbox.txt`,
//! which holds the sandbox's address. A test reads it with `fetch("/sandbox.txt")`: no port is fixed and
//! nothing is compiled anew when it changes. Where no `ORGDECK_SANDBOX` is given a sandbox is started, so that
//! plain `cargo test --target wasm32-unknown-unknown --test web` works.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result};

use crate::process::Running;
use crate::report::missing;
use crate::server::{Options, Sandbox};
use crate::{cargo, project, tools};

/// Options of the runner, each unless it is set already. A machine that is building something else needs longer
/// than the runner's 5 s to start ChromeDriver, and its 20 s are for all tests together.
const DEFAULTS: [(&str, &str); 2] =
    [("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60"), ("WASM_BINDGEN_TEST_TIMEOUT", "20")];

/// How often a page is opened until its tests start. Now and then one stays at "Loading scripts..." for ever. Why is
/// not known; what was seen points at the runner's HTTP server, which then leaves a request without an answer. No test
/// has run by then, so nothing is hidden by opening the page again. (`webdriver.json` does not wait for the page to
/// load, or ChromeDriver would sit there for five minutes.)
const TRIES: usize = 10;

pub fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let (binary, rest) = arguments.split_first().context("cargo calls this with a test binary")?;
    let binary = std::path::absolute(binary)?;
    let folder = tempfile::tempdir()?;
    let (address, _sandbox) = sandbox_for(&binary, rest)?;
    if let Some(address) = address {
        fs::write(folder.path().join("sandbox.txt"), address)?;
    }

    // `cargo test --quiet` passes the flag on, and the runner does not know it.
    let rest: Vec<_> = rest.iter().filter(|argument| *argument != "--quiet").collect();
    for _ in 1..TRIES {
        let outcome = try_once(&binary, &rest, folder.path())?;
        if outcome.success || outcome.started {
            return Ok(if outcome.success { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        eprintln!("the tests did not start: opening the page again");
    }
    let outcome = try_once(&binary, &rest, folder.path())?;
    Ok(if outcome.success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Outcome {
    success: bool,
    /// Whether a test was run, or could have been.
    started: bool,
}

fn try_once(binary: &Path, rest: &[&OsString], folder: &Path) -> Result<Outcome> {
    // A process of its own, because the runner is set up by its environment and its working folder.
    let mut command = Command::new(env::current_exe()?);
    command.arg("test-runner-prepared").arg(binary).args(rest).current_dir(folder).stdout(Stdio::piped());
    let mut set = |name: &str, value: OsString| {
        if env::var_os(name).is_none() {
            command.env(name, value);
        }
    };
    for (name, value) in DEFAULTS {
        set(name, value.into());
    }
    set("WASM_BINDGEN_TEST_WEBDRIVER_JSON", project::root().join("xtask/webdriver.json").into());
    let running = Running::start(&mut command)?;
    let output = running.child().stdout.take().context("the runner has no output")?;
    let mut started = false;
    for line in BufReader::new(output).lines() {
        let line = line?;
        // Of the kind "running 13 tests".
        started |= line.starts_with("running ");
        println!("{line}");
    }
    Ok(Outcome { success: running.wait()?.success(), started })
}

fn sandbox_for(binary: &Path, arguments: &[OsString]) -> Result<(Option<String>, Option<Sandbox>)> {
    let for_browser = binary.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("web-"));
    if !for_browser || arguments.iter().any(|argument| argument == "--list") {
        return Ok((None, None));
    }
    // Any driver that the runner knows will do, and it says itself how to name one.
    if !env::vars_os().any(|(name, _)| name.to_string_lossy().contains("DRIVER")) {
        tools::find_browser().ok_or_else(|| {
            missing(format!("the browser tests have no browser: {}", tools::BROWSER_ADVICE))
        })?;
    }
    if let Ok(address) = env::var("ORGDECK_SANDBOX") {
        return Ok((Some(address), None));
    }
    let options =
        Options { port: 0, arguments: TEST_DATA.map(str::to_owned).into(), console: false, visible: false };
    let sandbox = Sandbox::start(&cargo::sandbox()?, &options)?;
    Ok((Some(sandbox.url.clone()), Some(sandbox)))
}

/// What the sandbox of the browser and package tests holds.
pub const TEST_DATA: [&str; 4] = ["--people", "200", "--seed", "1"];

pub fn run_prepared(arguments: &[OsString]) -> Result<ExitCode> {
    let program = OsString::from("wasm-bindgen-test-runner");
    let arguments = std::iter::once(program).chain(arguments.iter().cloned());
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)?;
    Ok(ExitCode::SUCCESS)
}
