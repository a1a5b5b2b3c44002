//! `cargo xtask test`: every test there is, in layers.
//!
//! A layer is run whether or not the one before has failed, so that one run shows all there is to mend. What
//! is missing on the machine is found before the first one; nothing is left out in silence.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use tempfile::TempDir;

use crate::build::{self, Kind};
use crate::cargo::{self, cargo};
use crate::fuzz::{self, Bound};
use crate::process::{self, Captured};
use crate::project::{self, WASM};
use crate::server::{Options, Sandbox};
use crate::size;
use crate::test_runner::TEST_DATA;
use crate::tools::{self, Browser};
use crate::types;

/// Nothing takes this long but a program that hangs.
const LIMIT: Duration = Duration::from_secs(20 * 60);

#[derive(clap::Args)]
pub struct Arguments {
    /// The layers to run; all of them unless given.
    #[arg(value_name = "LAYER")]
    layers: Vec<Layer>,
}

/// In the order they run in: the quick and the basic first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Layer {
    /// rustfmt
    Format,
    /// clippy and rustdoc, native and WebAssembly, warnings denied
    Lint,
    /// The tests of the library's core, the sandbox and xtask
    Native,
    /// fuzz/: so many inputs for each target
    Fuzz,
    /// The package builds
    Build,
    /// It is within its size budget
    Size,
    /// tests/web.rs in headless Chromium
    Browser,
    /// tests/npm over the packed tarball in Node
    Package,
    /// tests/types: what TypeScript makes of the package
    Types,
    /// tests/sdk: the vendor's own SDK against the sandbox
    Sdk,
    /// tests/console: the demo console in headless Chromium
    Console,
    /// tests/faults: one fault of each kind, for real, in headless Chromium
    Faults,
    /// tests/soak: a minute of mixed work while requests go wrong, and rate limits, in headless Chromium
    Soak,
}

impl Layer {
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    fn uses_package(self) -> bool {
        matches!(self, Self::Size | Self::Package | Self::Types | Self::Console | Self::Faults | Self::Soak)
    }
}

/// How many tests a layer had.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Tally {
    passed: usize,
    failed: usize,
    /// Tests that exist and were not run.
    ignored: usize,
}

impl Tally {
    fn one(passed: bool) -> Self {
        Self { passed: passed.into(), failed: (!passed).into(), ignored: 0 }
    }

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            ignored: self.ignored + other.ignored,
        }
    }

    /// A program that failed without a failed test counts as one: it did not compile, or it crashed. So does one
    /// that ran no test at all.
    fn with_verdict(mut self, success: bool) -> Self {
        if self.failed == 0 && (!success || self.passed == 0) {
            self.failed = 1;
        }
        self
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let layers = selected(&arguments.layers);
    let mut bench = Bench::prepare(&layers)?;
    let mut rows = Vec::new();
    for layer in layers {
        let start = Instant::now();
        eprintln!("• {}", layer.name());
        let tally = bench.run(layer).unwrap_or_else(|error| {
            println!("{}: {error:#}", layer.name());
            Tally::one(false)
        });
        let seconds = start.elapsed().as_secs_f64();
        eprintln!("  {} passed, {} failed in {seconds:.1} s", tally.passed, tally.failed);
        rows.push((layer, tally, seconds));
    }
    print!("{}", table(&rows));
    let total = rows.iter().map(|(_, tally, _)| *tally).fold(Tally::default(), Tally::add);
    println!("{} passed, {} failed", total.passed, total.failed);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The layers to run, in order. Those that look at the package bring its build, or they would test an old one.
fn selected(named: &[Layer]) -> Vec<Layer> {
    let mut layers = if named.is_empty() { Layer::value_variants().to_vec() } else { named.to_vec() };
    if layers.iter().any(|layer| layer.uses_package()) {
        layers.push(Layer::Build);
    }
    layers.sort();
    layers.dedup();
    layers
}

fn table(rows: &[(Layer, Tally, f64)]) -> String {
    let mut text = format!("\n{:8} {:>7} {:>7} {:>8}\n", "layer", "passed", "failed", "seconds");
    for (layer, tally, seconds) in rows {
        text.push_str(&format!("{:8} {:>7} {:>7} {seconds:>8.1}", layer.name(), tally.passed, tally.failed));
        if tally.ignored > 0 {
            text.push_str(&format!("  ({} not run: marked ignored or skipped)", tally.ignored));
        }
        text.push('\n');
    }
    text
}

/// What the layers share.
struct Bench {
    browser: Option<Browser>,
    folder: TempDir,
    tarball: Option<PathBuf>,
    sandbox: Option<PathBuf>,
}

impl Bench {
    /// Finds or installs all that the layers need.
    fn prepare(layers: &[Layer]) -> Result<Self> {
        let any = |wanted: &[Layer]| layers.iter().any(|layer| wanted.contains(layer));
        if any(&[Layer::Format, Layer::Lint]) {
            tools::require_rust_components()?;
        }
        if any(&[Layer::Lint, Layer::Build, Layer::Browser]) {
            tools::require_wasm_target()?;
        }
        if any(&[Layer::Build, Layer::Package, Layer::Types, Layer::Console, Layer::Faults, Layer::Soak]) {
            tools::require_node()?;
            tools::require_npm_packages()?;
        }
        if any(&[Layer::Fuzz]) {
            fuzz::require_compiler()?;
        }
        if any(&[Layer::Sdk]) {
            tools::require_node()?;
            tools::require_sdk()?;
        }
        let browsed = [Layer::Browser, Layer::Console, Layer::Faults, Layer::Soak];
        let browser = if any(&browsed) { Some(tools::require_browser()?) } else { None };
        Ok(Self { browser, folder: tempfile::tempdir()?, tarball: None, sandbox: None })
    }

    fn run(&mut self, layer: Layer) -> Result<Tally> {
        match layer {
            Layer::Format => {
                check(layer, vec![cargo_with(&["fmt", "--all", "--check", "--", "--files-with-diff"])])
            }
            Layer::Lint => check(layer, lints()),
            Layer::Native => native(),
            Layer::Fuzz => fuzz(),
            Layer::Build => {
                build::package(Kind::Release)?;
                Ok(Tally::one(true))
            }
            Layer::Size => {
                size::run()?;
                Ok(Tally::one(true))
            }
            Layer::Browser => self.browser(),
            Layer::Package => self.package(),
            Layer::Types => self.types(),
            Layer::Sdk => self.sdk(),
            Layer::Console => self.console(),
            Layer::Faults => self.proof(layer, "tests/faults"),
            Layer::Soak => self.proof(layer, "tests/soak"),
        }
    }

    fn browser(&mut self) -> Result<Tally> {
        let sandbox = self.start_sandbox(&TEST_DATA, false)?;
        let mut command = cargo_with(&["test", "--package", "orgdeck", "--target", WASM, "--test", "web"]);
        command.env("ORGDECK_SANDBOX", &sandbox.url);
        if let Some(browser) = &self.browser {
            command.env("CHROMEDRIVER", &browser.driver);
        }
        Ok(cargo_tally(&finish(Layer::Browser, sandbox, command)?))
    }

    fn package(&mut self) -> Result<Tally> {
        let tarball = self.tarball()?;
        let sandbox = self.start_sandbox(&TEST_DATA, false)?;
        let mut command = node_tests("tests/npm")?;
        command.env("ORGDECK_TARBALL", tarball).env("ORGDECK_SANDBOX", &sandbox.url);
        let tally = node_tally(&finish(Layer::Package, sandbox, command)?);
        // What is timed elsewhere is to be right.
        Ok(tally.add(node_tally(&captured(Layer::Package, node_tests("tests/bench")?)?)))
    }

    fn types(&mut self) -> Result<Tally> {
        let models = types::check();
        if let Err(error) = &models {
            println!("{error:#}");
        }
        let tarball = self.tarball()?;
        let mut command = node_tests("tests/types")?;
        command.env("ORGDECK_TARBALL", tarball);
        Ok(Tally::one(models.is_ok()).add(node_tally(&captured(Layer::Types, command)?)))
    }

    fn sdk(&mut self) -> Result<Tally> {
        let sandbox = self.start_sandbox(&TEST_DATA, false)?;
        let mut command = node_tests("tests/sdk")?;
        command.env("ORGDECK_SANDBOX", &sandbox.url);
        Ok(node_tally(&finish(Layer::Sdk, sandbox, command)?))
    }

    fn console(&mut self) -> Result<Tally> {
        let sandbox = self.start_sandbox(&["--people", "3000", "--seed", "1"], true)?;
        let mut command = node_tests("tests/console")?;
        command.env("ORGDECK_CONSOLE", &sandbox.url);
        if let Some(browser) = &self.browser {
            command.env("CHROMIUM", &browser.chromium);
        }
        Ok(node_tally(&finish(Layer::Console, sandbox, command)?))
    }

    /// Tests that drive a page past the console. The tables that they print are what they are for.
    fn proof(&mut self, layer: Layer, folder: &str) -> Result<Tally> {
        let sandbox = self.start_sandbox(&TEST_DATA, false)?;
        let mut command = node_tests(folder)?;
        command.env("ORGDECK_SANDBOX", &sandbox.url);
        if let Some(browser) = &self.browser {
            command.env("CHROMIUM", &browser.chromium);
        }
        let captured = finish(layer, sandbox, command)?;
        if captured.success {
            let lines = captured.output.lines().filter_map(|line| line.strip_prefix("# "));
            lines.filter(|line| line.starts_with('|')).for_each(|line| println!("{line}"));
        }
        Ok(node_tally(&captured))
    }

    /// A sandbox of the layer's own, so that no layer sees what another has changed.
    fn start_sandbox(&mut self, arguments: &[&str], console: bool) -> Result<Sandbox> {
        let program = match &self.sandbox {
            Some(program) => program.clone(),
            None => self.sandbox.insert(cargo::sandbox()?).clone(),
        };
        let arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        Sandbox::start(&program, &Options { port: 0, arguments, console, visible: false })
    }

    /// The package as it would be published: `npm pack` of a copy with the licences beside it.
    fn tarball(&mut self) -> Result<PathBuf> {
        if let Some(tarball) = &self.tarball {
            return Ok(tarball.clone());
        }
        let staged = self.folder.path().join("package");
        copy_folder(&project::package(), &staged)?;
        for name in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
            fs::copy(project::root().join(name), staged.join(name)).with_context(|| {
                format!("{name} is missing in the repository's folder; the package ships it")
            })?;
        }
        let mut command = Command::new("npm");
        command
            .args(["pack", "--ignore-scripts", "--pack-destination"])
            .arg(self.folder.path())
            .current_dir(&staged);
        process::read(&mut command)?;
        let tarball = self.folder.path().join(format!("orgdeck-{}.tgz", project::VERSION));
        if !tarball.exists() {
            bail!("npm pack has not made orgdeck-{}.tgz", project::VERSION);
        }
        Ok(self.tarball.insert(tarball).clone())
    }
}

fn lints() -> Vec<Command> {
    let mut commands = vec![
        cargo_with(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
        cargo_with(&[
            "clippy",
            "--package",
            "orgdeck",
            "--lib",
            "--tests",
            "--target",
            WASM,
            "--",
            "-D",
            "warnings",
        ]),
        cargo_with(&["doc", "--workspace", "--no-deps"]),
        cargo_with(&["doc", "--package", "orgdeck", "--no-deps", "--target", WASM]),
    ];
    for command in &mut commands {
        command.env("RUSTDOCFLAGS", "-D warnings");
    }
    commands
}

/// Package by package: together they would share one set of features, and the large dependencies that this
/// very program was built with would be compiled once more.
fn native() -> Result<Tally> {
    let mut tally = Tally::default();
    for package in ["orgdeck", "orgdeck-columns", "orgdeck-sandbox", "xtask"] {
        let command = cargo_with(&["test", "--no-fail-fast", "--package", package]);
        tally = tally.add(cargo_tally(&captured(Layer::Native, command)?));
    }
    Ok(tally)
}

/// A test for each target, and one for their code.
fn fuzz() -> Result<Tally> {
    let mut tally = check(Layer::Fuzz, fuzz::checks()?)?;
    for outcome in fuzz::fuzz(&fuzz::targets()?, Bound::Runs(fuzz::RUNS), false)? {
        if let Some(failure) = &outcome.failure {
            println!("{failure}");
        }
        tally = tally.add(Tally::one(outcome.failure.is_none()));
    }
    Ok(tally)
}

fn cargo_with(arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.args(arguments);
    command
}

/// A layer that is one test: all commands succeed.
fn check(layer: Layer, commands: Vec<Command>) -> Result<Tally> {
    let mut passed = true;
    for command in commands {
        passed &= captured(layer, command)?.success;
    }
    Ok(Tally::one(passed))
}

/// Runs a command quietly, and shows what it printed when it failed.
fn captured(layer: Layer, mut command: Command) -> Result<Captured> {
    let captured = process::capture(&layer.name(), LIMIT, &mut command)?;
    if !captured.success {
        println!("{}", captured.output.trim_end());
    }
    Ok(captured)
}

/// The same for a command that talks to a sandbox, which ends with it.
fn finish(layer: Layer, mut sandbox: Sandbox, command: Command) -> Result<Captured> {
    let captured = captured(layer, command)?;
    let messages = sandbox.messages();
    if !captured.success && !messages.is_empty() {
        println!("the sandbox said:\n{messages}");
    }
    Ok(captured)
}

/// A folder's `*.test.mjs`. Node 20 expands no patterns.
pub fn node_files(folder: &str) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(project::root().join(folder)).with_context(|| format!("cannot read {folder}"))?;
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("{folder}/{name}"))
        .collect();
    if files.is_empty() {
        bail!("{folder} has no *.test.mjs: a layer without tests proves nothing");
    }
    files.sort();
    Ok(files)
}

/// Node's test runner over them.
fn node_tests(folder: &str) -> Result<Command> {
    let files = node_files(folder)?;
    let mut command = Command::new("node");
    // One file at a time: they share a sandbox, and two browsers on two cores make each other time out. The time is a
    // file's, of which some have forty tests in a browser.
    command.args(["--test", "--test-reporter=tap", "--test-concurrency=1", "--test-timeout=1200000"]);
    command.args(files).current_dir(project::root());
    Ok(command)
}

/// Counts what cargo's test harness and wasm-bindgen's say: `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
fn cargo_tally(captured: &Captured) -> Tally {
    let mut tally = Tally::default();
    for line in captured.output.lines() {
        let Some((_, counts)) = line.split_once("test result: ") else { continue };
        for part in counts.split(['.', ';']) {
            match part.trim().split_once(' ') {
                Some((number, "passed")) => tally.passed += number.parse().unwrap_or(0),
                Some((number, "failed")) => tally.failed += number.parse().unwrap_or(0),
                Some((number, "ignored")) => tally.ignored += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
    tally.with_verdict(captured.success)
}

/// Counts what Node's test runner says at the end: `# pass 3`.
fn node_tally(captured: &Captured) -> Tally {
    let mut tally = Tally::default();
    for line in captured.output.lines() {
        let Some((name, number)) = line.strip_prefix("# ").and_then(|line| line.split_once(' ')) else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else { continue };
        match name {
            "pass" => tally.passed += number,
            "fail" | "cancelled" => tally.failed += number,
            "skipped" | "todo" => tally.ignored += number,
            _ => {}
        }
    }
    tally.with_verdict(captured.success)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(success: bool, output: &str) -> Captured {
        Captured { success, output: output.to_owned() }
    }

    #[test]
    fn cargo_results_are_added_up() {
        let text = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.05s\n\
                    test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(cargo_tally(&output(false, text)), Tally { passed: 15, failed: 2, ignored: 1 });
    }

    #[test]
    fn what_does_not_compile_or_has_no_tests_has_failed() {
        assert_eq!(cargo_tally(&output(false, "error: could not compile")).failed, 1);
        assert_eq!(cargo_tally(&output(true, "no tests to run!")).failed, 1);
        assert_eq!(node_tally(&output(true, "# tests 0\n# pass 0\n")).failed, 1);
    }

    #[test]
    fn node_results_are_read() {
        let text =
            "ok 1 - a\n# tests 9\n# suites 1\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n";
        assert_eq!(node_tally(&output(false, text)), Tally { passed: 5, failed: 2, ignored: 2 });
    }

    #[test]
    fn layers_run_in_order_and_bring_the_build() {
        let names = |layers: &[Layer]| selected(layers).into_iter().map(Layer::name).collect::<Vec<_>>();
        assert_eq!(names(&[Layer::Console, Layer::Format]), ["format", "build", "console"]);
        assert_eq!(names(&[Layer::Browser]), ["browser"]);
        assert_eq!(
            names(&[]),
            [
                "format", "lint", "native", "fuzz", "build", "size", "browser", "package", "types", "sdk",
                "console", "faults", "soak"
            ]
        );
    }

    #[test]
    fn the_macro_and_the_tool_have_one_version() {
        let lock = fs::read_to_string(project::root().join("Cargo.lock")).unwrap();
        let lock: toml::Table = lock.parse().unwrap();
        let packages = lock["package"].as_array().unwrap();
        let versions = |name: &str| {
            let of_name = packages.iter().filter(|package| package["name"].as_str() == Some(name));
            of_name.map(|package| package["version"].as_str().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(versions("wasm-bindgen").len(), 1);
        assert_eq!(versions("wasm-bindgen"), versions("wasm-bindgen-cli"));
        assert_eq!(versions("orgdeck"), [project::VERSION]);
    }

    #[test]
    fn the_package_and_the_library_have_one_version() {
        build::check_version().unwrap();
    }
}
