//! `cargo xtask bench`: side by side against other ways and other packages, with release builds of everything. What it
//! measures is in bench/, a file a bench.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use crate::build::{self, Kind};
use crate::report::step;
use crate::server::{Options, Sandbox};
use crate::{cargo, process, project, tools};

#[derive(clap::Args)]
pub struct Arguments {
    /// What to measure.
    bench: Bench,
    /// How often each contender runs, besides once to warm up.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// A list of 100 pages at 60 ms latency, against page after page and the vendor's SDK
    Listing,
}

impl Bench {
    /// What the sandbox is started with.
    fn sandbox(self) -> &'static [&'static str] {
        match self {
            Self::Listing => &["--people", "10000", "--genesys-groups", "10000", "--latency-ms", "60"],
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { bench, rounds } = arguments;
    tools::require_wasm_target()?;
    tools::require_node()?;
    tools::require_npm_packages()?;
    tools::require_sdk()?;
    let browser = tools::require_browser()?;
    build::package(Kind::Release)?;
    let program = step("Building the sandbox for release", release_sandbox)?;
    let options = Options {
        port: 0,
        arguments: bench.sandbox().iter().map(|argument| (*argument).to_owned()).collect(),
        console: false,
        visible: true,
    };
    let sandbox = Sandbox::start(&program, &options)?;
    let name = bench.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let mut command = Command::new("node");
    command
        .arg(format!("bench/{name}.mjs"))
        .current_dir(project::root())
        .env("ORGDECK_SANDBOX", &sandbox.url)
        .env("ORGDECK_ROUNDS", rounds.to_string())
        .env("CHROMIUM", &browser.chromium);
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
