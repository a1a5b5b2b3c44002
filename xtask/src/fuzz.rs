//! `cargo xtask fuzz`: the targets in fuzz/, with libFuzzer and the toolchain at hand. Its folder is as cargo-fuzz wants
//! it, so `cargo fuzz run -s none TARGET` works as well.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::cargo::{self, cargo};
use crate::process;
use crate::project;
use crate::report::{missing, step};

/// Inputs for each target that `cargo xtask test` tries: half a minute for all of them on two cores.
pub const RUNS: u64 = 300_000;

/// What cargo-fuzz gives rustc when there is no sanitizer. They are stable: sanitizers would need nightly, and find what
/// only unsafe code can do.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions";

/// One seed, and no look at the folder now and then, make a run what it was before. An input of 4 kB holds every shape
/// there is, and 20 s for one is a hang on any machine.
const LIMITS: [&str; 6] =
    ["-seed=1", "-reload=0", "-max_len=4096", "-timeout=20", "-rss_limit_mb=1024", "-print_final_stats=1"];

/// Inputs that a corpus in git has, and their length but for those that a person wrote.
const CORPUS_FILES: usize = 48;
const KEPT_LEN: &str = "-max_len=200";

#[derive(clap::Args)]
pub struct Arguments {
    /// The targets; all of them unless given.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// Inputs for each.
    #[arg(long, value_name = "N", default_value_t = RUNS)]
    runs: u64,
    /// Seconds for each instead.
    #[arg(long, value_name = "N", conflicts_with = "runs")]
    seconds: Option<u64>,
    /// Add to fuzz/corpus what reaches code that nothing there does.
    #[arg(long)]
    keep: bool,
}

/// When a target has run enough.
#[derive(Clone, Copy)]
pub enum Bound {
    Runs(u64),
    Seconds(u64),
}

/// How a target went.
pub struct Outcome {
    pub target: String,
    executed: u64,
    seconds: f64,
    /// What it printed, when it found something.
    pub failure: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    require_compiler()?;
    let all = targets()?;
    let named = &arguments.targets;
    if let Some(unknown) = named.iter().find(|name| !all.contains(name)) {
        bail!("there is no target `{unknown}`; there is {}", all.join(", "));
    }
    let targets = if named.is_empty() { &all } else { named };
    let bound = arguments.seconds.map_or(Bound::Runs(arguments.runs), Bound::Seconds);
    let outcomes = fuzz(targets, bound, arguments.keep)?;
    for failure in outcomes.iter().filter_map(|outcome| outcome.failure.as_ref()) {
        println!("{failure}");
    }
    println!("{:12} {:>10} {:>8} {:>10}", "target", "inputs", "seconds", "a second");
    for Outcome { target, executed, seconds, failure } in &outcomes {
        let rate = *executed as f64 / seconds;
        let verdict = if failure.is_some() { "  failed" } else { "" };
        println!("{target:12} {executed:>10} {seconds:>8.1} {rate:>10.0}{verdict}");
    }
    let failed = outcomes.iter().any(|outcome| outcome.failure.is_some());
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// libFuzzer comes as C++ and is compiled here.
pub fn require_compiler() -> Result<()> {
    let compiler = env::var_os("CXX").unwrap_or_else(|| "c++".into());
    which::which(compiler).map(drop).map_err(|_| {
        missing("libFuzzer needs a C++ compiler: install one (on Debian: `apt-get install g++`) or set CXX to its path")
    })
}

/// The targets, in the order of fuzz/Cargo.toml.
pub fn targets() -> Result<Vec<String>> {
    let manifest: toml::Table = fs::read_to_string(folder().join("Cargo.toml"))?.parse()?;
    let binaries =
        manifest.get("bin").and_then(toml::Value::as_array).context("fuzz/Cargo.toml has no [[bin]]")?;
    let names = binaries.iter().filter_map(|binary| binary.get("name")?.as_str());
    Ok(names.map(str::to_owned).collect())
}

/// Builds targets and runs them, as many at a time as there are cores.
pub fn fuzz(targets: &[String], bound: Bound, keep: bool) -> Result<Vec<Outcome>> {
    let programs = Programs { folder: step("Building the fuzz targets", build)?, fixed: can_fix_addresses() };
    let found = tempfile::tempdir()?;
    let waiting = Mutex::new(targets.iter().enumerate());
    let outcomes = Mutex::new(Vec::new());
    let work = || -> Result<()> {
        loop {
            let next = waiting.lock().ok().and_then(|mut waiting| waiting.next());
            let Some((at, target)) = next else { return Ok(()) };
            let outcome = fuzz_one(&programs, target, bound, &found)?;
            if keep && outcome.failure.is_none() {
                keep_found(&programs, target, &found)?;
            }
            if let Ok(mut outcomes) = outcomes.lock() {
                outcomes.push((at, outcome));
            }
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_for_each(|worker| match worker.join() {
            Ok(result) => result,
            Err(_) => bail!("a thread panicked; its message is above"),
        })
    })?;
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by_key(|(at, _)| *at);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

/// rustfmt and clippy of the targets, which the checks of the workspace do not see.
pub fn checks() -> Result<Vec<Command>> {
    let mut format = cargo();
    format.args(["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml", "--", "--files-with-diff"]);
    let mut lint = instrumented("clippy")?;
    lint.args(["--all-targets", "--no-deps", "--", "-D", "warnings"]);
    Ok(vec![format, lint])
}

fn folder() -> PathBuf {
    project::root().join("fuzz")
}

fn corpus(target: &str) -> PathBuf {
    folder().join("corpus").join(target)
}

/// A folder of cargo's for these builds alone: no other is made with these flags.
fn target_directory() -> Result<PathBuf> {
    Ok(cargo::target_directory(&cargo::metadata(false)?)?.join("fuzz"))
}

fn host() -> Result<String> {
    let version = process::read(Command::new("rustc").arg("-vV").current_dir(project::root()))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what it is built for")
}

/// A command of cargo over the targets. The machine is named, or build scripts and macros would get the flags as well.
fn instrumented(what: &str) -> Result<Command> {
    let mut command = cargo();
    command.args([what, "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", &host()?]);
    command.arg("--target-dir").arg(target_directory()?);
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", FLAGS);
    Ok(command)
}

/// The targets, built.
struct Programs {
    folder: PathBuf,
    /// Whether each can be run at the same addresses every time. libFuzzer tells comparisons apart by them, so then, and
    /// only then, a run is what it was before to the last input.
    fixed: bool,
}

impl Programs {
    fn run(&self, target: &str) -> Command {
        let program = self.folder.join(target);
        if !self.fixed {
            return Command::new(program);
        }
        let mut command = Command::new("setarch");
        command.arg("-R").arg(program);
        command
    }
}

fn can_fix_addresses() -> bool {
    process::read(Command::new("setarch").args(["-R", "true"])).is_ok()
}

fn build() -> Result<PathBuf> {
    process::run(&mut instrumented("build")?)?;
    Ok(target_directory()?.join(host()?).join("release"))
}

/// Runs a target over its corpus and from there on. What it finds that is new goes to a folder that is not kept, so that
/// the next run is the same.
fn fuzz_one(programs: &Programs, target: &str, bound: Bound, found: &TempDir) -> Result<Outcome> {
    let (new, crashes) = (found.path().join(target), folder().join("artifacts").join(target));
    fs::create_dir_all(&new)?;
    fs::create_dir_all(&crashes)?;
    let (stop, least, limit) = match bound {
        Bound::Runs(runs) => (format!("-runs={runs}"), runs, 3_600),
        Bound::Seconds(seconds) => (format!("-max_total_time={seconds}"), 1, seconds + 120),
    };
    let mut command = programs.run(target);
    command.args(LIMITS).arg(stop).arg(format!("-artifact_prefix={}/", crashes.display()));
    command.arg(&new).arg(corpus(target)).current_dir(folder());
    let start = Instant::now();
    let captured = process::capture(target, Duration::from_secs(limit), &mut command)?;
    let seconds = start.elapsed().as_secs_f64();
    // Removes only what is empty.
    let _ = fs::remove_dir(&crashes);
    let executed = executed(&captured.output);
    let failure = (!captured.success || executed < least).then(|| {
        let output = ["thread '", "SUMMARY: ", "ERROR: "].iter().find_map(|mark| captured.output.find(mark));
        let output = captured.output.get(output.unwrap_or(0)..).unwrap_or_default().trim_end();
        format!("{target} failed after {executed} inputs:\n{output}")
    });
    Ok(Outcome { target: target.to_owned(), executed, seconds, failure })
}

/// Adds to a corpus, as far as there is room, the inputs that reach most of what nothing in it reaches.
fn keep_found(programs: &Programs, target: &str, found: &TempDir) -> Result<()> {
    let (corpus, merged) = (corpus(target), found.path().join(format!("{target}-merged")));
    fs::create_dir_all(&merged)?;
    let mut known = 0;
    for entry in fs::read_dir(&corpus)? {
        let entry = entry?;
        fs::copy(entry.path(), merged.join(entry.file_name()))?;
        known += 1;
    }
    let mut command = programs.run(target);
    // Without counters: what matters is which code is reached, not how often.
    command
        .args(["-set_cover_merge=1", "-use_counters=0", KEPT_LEN])
        .arg(&merged)
        .arg(found.path().join(target));
    let captured = process::capture(target, Duration::from_secs(600), command.current_dir(found.path()))?;
    if !captured.success {
        bail!("{target}: the corpus cannot be merged:\n{}", captured.output);
    }
    let mut new = Vec::new();
    for entry in fs::read_dir(&merged)? {
        let path = entry?.path();
        let kept = corpus.join(path.file_name().unwrap_or_default());
        if !kept.exists() {
            new.push((fs::metadata(&path)?.modified()?, path, kept));
        }
    }
    // They were written in the order of what they add.
    new.sort();
    for (_, path, kept) in new.iter().take(CORPUS_FILES.saturating_sub(known)) {
        fs::copy(path, kept)?;
    }
    Ok(())
}

/// Of libFuzzer's `stat::number_of_executed_units: 300000`.
fn executed(output: &str) -> u64 {
    let units = output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    units.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        let path = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().path();
        entries.map(|entry| path(entry).file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn each_target_has_a_file_and_a_corpus() {
        let targets: BTreeSet<_> = targets().unwrap().into_iter().collect();
        assert!(!targets.is_empty());
        assert_eq!(names(&folder().join("fuzz_targets")), targets);
        assert_eq!(names(&folder().join("corpus")), targets);
    }

    #[test]
    fn the_corpus_stays_small() {
        let mut size = 0;
        for target in targets().unwrap() {
            let files =
                fs::read_dir(corpus(&target)).unwrap().map(|entry| entry.unwrap().metadata().unwrap());
            let sizes: Vec<u64> = files.map(|file| file.len()).collect();
            assert!((1..=CORPUS_FILES).contains(&sizes.len()), "{target} has {} inputs", sizes.len());
            size += sizes.iter().sum::<u64>();
        }
        assert!(size < 100_000, "{size} bytes");
    }

    #[test]
    fn executions_are_read() {
        assert_eq!(executed("Done\nstat::number_of_executed_units: 300000\nstat::x: 1"), 300_000);
        assert_eq!(executed("==1== ERROR: libFuzzer: deadly signal"), 0);
    }
}
