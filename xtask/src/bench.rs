//! `cargo xtask bench`: side by side against other ways and other packages, with release builds of everything. What it
//! measures is in bench/, a file a bench.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::Subcommand;

use crate::build::{self, Kind};
use crate::report::step;
use crate::server::{Options, Sandbox};
use crate::{cargo, process, project, tools};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    bench: Bench,
}

#[derive(Subcommand)]
enum Bench {
    /// A list of 100 pages at 60 ms latency, against page after page and the vendor's SDK
    Listing(Listing),
    /// The directory table against JSON.parse and packages that search, sort and filter
    ///
    /// Half a million people as objects of every kind take up to 6 GB of memory, and all of it about an hour.
    Table(Table),
}

#[derive(clap::Args)]
struct Listing {
    /// How often each contender runs, besides once to warm up.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

#[derive(clap::Args)]
struct Table {
    /// How often each contender runs, besides once to warm up.
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long a contender may take in a case before it runs no more.
    #[arg(long, value_name = "SECONDS", default_value_t = 40)]
    patience: u32,
    /// Of how many people the directories are, with commas between.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [10_000, 100_000, 500_000])]
    people: Vec<u32>,
    /// The workloads to run, with commas between; all of them unless given.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Run in Node alone.
    #[arg(long, conflicts_with = "browser")]
    node: bool,
    /// Run in Chromium alone.
    #[arg(long)]
    browser: bool,
    /// DuckDB runs too; it is installed when it is missing, which is 130 MB.
    #[arg(long)]
    duckdb: bool,
    /// Write what the README shows: docs/bench-table.svg, and the numbers to bench/results/table.json. Otherwise both
    /// go to target/bench.
    #[arg(long)]
    bless: bool,
}

/// What the sandbox of the listing is started with.
const LIST: [&str; 6] = ["--people", "10000", "--genesys-groups", "10000", "--latency-ms", "60"];

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    tools::require_wasm_target()?;
    tools::require_node()?;
    tools::require_npm_packages()?;
    match &arguments.bench {
        Bench::Listing(arguments) => listing(arguments),
        Bench::Table(arguments) => table(arguments),
    }
}

fn node(program: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(program).current_dir(project::root());
    command
}

fn listing(arguments: &Listing) -> Result<ExitCode> {
    tools::require_sdk()?;
    let browser = tools::require_browser()?;
    build::package(Kind::Release)?;
    let program = step("Building the sandbox for release", release_sandbox)?;
    let options =
        Options { port: 0, arguments: LIST.map(str::to_owned).to_vec(), console: false, visible: true };
    let sandbox = Sandbox::start(&program, &options)?;
    let mut command = node("bench/listing.mjs");
    command
        .env("ORGDECK_SANDBOX", &sandbox.url)
        .env("ORGDECK_ROUNDS", arguments.rounds.to_string())
        .env("CHROMIUM", &browser.chromium);
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

fn table(arguments: &Table) -> Result<ExitCode> {
    let mut command = node("bench/table.mjs");
    if !arguments.node {
        command.env("CHROMIUM", tools::require_browser()?.chromium);
    }
    build::package(Kind::Release)?;
    let people: Vec<String> = arguments.people.iter().map(u32::to_string).collect();
    command.arg(format!("--rounds={}", arguments.rounds)).arg(format!("--people={}", people.join(",")));
    command.arg(format!("--patience={}", arguments.patience));
    if !arguments.only.is_empty() {
        command.arg(format!("--only={}", arguments.only.join(",")));
    }
    if arguments.node {
        command.arg("--places=Node");
    } else if arguments.browser {
        command.arg("--places=Chromium");
    }
    for (flag, is_set) in [("--duckdb", arguments.duckdb), ("--bless", arguments.bless)] {
        if is_set {
            command.arg(flag);
        }
    }
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}

/// A sandbox that takes as little of the time as can be.
fn release_sandbox() -> Result<PathBuf> {
    let name = format!("orgdeck-sandbox{}", std::env::consts::EXE_SUFFIX);
    let files = cargo::build("orgdeck-sandbox", |command| {
        command.args(["--bin", "orgdeck-sandbox", "--release"]);
    })?;
    let program = files.into_iter().find(|file| file.file_name().is_some_and(|file| file == name.as_str()));
    program.context("cargo built no orgdeck-sandbox program")
}
