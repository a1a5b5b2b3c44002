//! Finding the programs that the commands need, and installing those that may be installed.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::{self, WASM};
use crate::report::{missing, step};

/// What the console's pages are drawn with beside the browser: names in several scripts need the glyphs.
const BROWSER_PACKAGES: [&str; 4] = ["chromium", "chromium-driver", "fonts-noto-core", "fonts-noto-cjk"];

/// The names that Chromium goes by.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

fn find(program: &str) -> Option<PathBuf> {
    which::which(program).ok()
}

/// Rust's WebAssembly target; rustup installs it.
pub fn require_wasm_target() -> Result<()> {
    if has_wasm_target()? {
        return Ok(());
    }
    let Some(rustup) = find("rustup") else {
        return Err(missing(format!(
            "Rust's target {WASM} is missing and so is rustup, which installs it: get rustup from https://rustup.rs"
        )));
    };
    step(&format!("Installing Rust's target {WASM}"), || {
        process::run(Command::new(rustup).args(["target", "add", WASM]).current_dir(project::root())).map_err(
            |_| {
                missing(format!(
                    "rustup could not install the target {WASM}: run `rustup target add {WASM}` and try again"
                ))
            },
        )
    })
}

fn has_wasm_target() -> Result<bool> {
    let mut command = Command::new("rustc");
    command.args(["--print", "target-libdir", "--target", WASM]).current_dir(project::root());
    let directory = process::read(&mut command)?;
    Ok(Path::new(directory.trim()).is_dir())
}

/// rustfmt and clippy; a minimal rustup profile lacks them.
pub fn require_rust_components() -> Result<()> {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        if works(Command::new(program).arg("--version").current_dir(project::root())) {
            continue;
        }
        let advice =
            format!("Rust's component {component} is missing: run `rustup component add {component}`");
        let Some(rustup) = find("rustup") else { return Err(missing(advice)) };
        step(&format!("Installing Rust's component {component}"), || {
            process::run(Command::new(rustup).args(["component", "add", component]))
                .map_err(|_| missing(advice))
        })?;
    }
    Ok(())
}

fn works(command: &mut Command) -> bool {
    process::read(command).is_ok()
}

/// A port that nothing listens on.
pub fn require_free_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(missing(format!(
            "port {port} cannot be used ({error}): choose another with `--port`, or `--port 0` for any that is free"
        ))),
    }
}

/// Node and npm, with the test runner's options that the tests use.
pub fn require_node() -> Result<()> {
    let advice =
        "the tests of the npm package need Node 20.11 or later with npm: get it from https://nodejs.org";
    let version = process::read(Command::new("node").arg("--version"))
        .map_err(|_| missing(format!("node is missing; {advice}")))?;
    if !is_recent_node(version.trim()) {
        return Err(missing(format!("node is {}; {advice}", version.trim())));
    }
    find("npm").map(drop).ok_or_else(|| missing(format!("npm is missing; {advice}")))
}

fn is_recent_node(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version >= (20, 11)
}

/// The packages of the lock file, installed anew when it is younger than they are.
pub fn require_npm_packages() -> Result<()> {
    install_npm_packages(project::root())
}

/// The vendor's SDK, which only its own tests need.
pub fn require_sdk() -> Result<()> {
    install_npm_packages(&project::root().join("tests/sdk"))
}

fn install_npm_packages(folder: &Path) -> Result<()> {
    let installed = modified(&folder.join("node_modules/.package-lock.json"));
    let lock = folder.join("package-lock.json");
    let locked = modified(&lock);
    if locked.is_none() {
        return Err(missing(format!("{} is missing: restore it from the repository", lock.display())));
    }
    if installed >= locked {
        return Ok(());
    }
    step("Installing the npm packages of the tests", || {
        let mut command = Command::new("npm");
        command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
        process::run(&mut command).map_err(|_| missing("`npm ci` failed: its messages are above"))
    })
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// A program of an npm package, when `npm ci` has installed it and there is a Node to run it.
pub fn npm_program(name: &str) -> Option<Command> {
    let program = project::root().join("node_modules/.bin").join(name);
    (program.exists() && find("node").is_some()).then(|| Command::new(program))
}

pub const BROWSER_ADVICE: &str = "install Chromium and ChromeDriver (on Debian: \
    `apt-get install chromium chromium-driver`) or set CHROMIUM and CHROMEDRIVER to their paths";

/// The browser that the tests drive.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Chromium and its driver, by apt where that is possible.
pub fn require_browser() -> Result<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    let what = match (chromium(), driver()) {
        (None, None) => "Chromium and ChromeDriver are missing",
        (None, _) => "Chromium is missing",
        _ => "ChromeDriver is missing",
    };
    if !(is_debian() && is_root()) {
        return Err(missing(format!("{what}: {BROWSER_ADVICE}")));
    }
    step("Installing Chromium and its driver", || {
        let quiet = |arguments: &[&str]| {
            process::run(Command::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
                .map_err(|_| missing(format!("{what}, and apt-get failed; its messages are above")))
        };
        quiet(&["update", "--quiet"])?;
        let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
        install.extend(BROWSER_PACKAGES);
        quiet(&install)
    })?;
    find_browser().with_context(|| format!("{what} even after apt-get has installed them"))
}

/// The browser and its driver, when both are there.
pub fn find_browser() -> Option<Browser> {
    Some(Browser { chromium: chromium()?, driver: driver()? })
}

fn chromium() -> Option<PathBuf> {
    from_environment("CHROMIUM").or_else(|| BROWSERS.iter().find_map(|name| find(name)))
}

fn driver() -> Option<PathBuf> {
    from_environment("CHROMEDRIVER").or_else(|| find("chromedriver"))
}

fn from_environment(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| path.exists())
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && find("apt-get").is_some()
}

#[cfg(target_os = "linux")]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_are_compared_as_numbers() {
        assert!(is_recent_node("v20.20.2"));
        assert!(is_recent_node("v100.0.0"));
        assert!(!is_recent_node("v20.9.0"));
        assert!(!is_recent_node("v9.99.0"));
        assert!(!is_recent_node("unknown"));
    }

    #[test]
    fn a_port_in_use_is_named_with_the_way_out() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let message = require_free_port(port).unwrap_err().to_string();
        assert!(message.contains(&port.to_string()) && message.contains("--port"), "{message}");
        drop(taken);
        require_free_port(port).unwrap();
    }
}
