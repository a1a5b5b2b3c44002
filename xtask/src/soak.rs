//! `cargo xtask soak`: what the layer of that name shows in a minute, for longer, and with the limits that vendors really
//! have. See tests/soak.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::build::{self, Kind};
use crate::server::{Options, Sandbox};
use crate::{cargo, process, project, test, tools};

/// How long Genesys' limit of so many requests a minute is kept.
const LIMIT_MINUTES: &str = "3";

#[derive(clap::Args)]
pub struct Arguments {
    /// How long the mixed work goes on.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: u32,
    /// Where its random numbers start.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    tools::require_wasm_target()?;
    tools::require_node()?;
    tools::require_npm_packages()?;
    let browser = tools::require_browser()?;
    build::package(Kind::Release)?;
    let options = Options { port: 0, arguments: Vec::new(), console: false, visible: true };
    let sandbox = Sandbox::start(&cargo::sandbox()?, &options)?;
    let mut command = Command::new("node");
    command
        .args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
        .args(test::node_files("tests/soak")?)
        .current_dir(project::root())
        .env("ORGDECK_SANDBOX", &sandbox.url)
        .env("ORGDECK_SOAK_SECONDS", (arguments.minutes * 60).to_string())
        .env("ORGDECK_SEED", arguments.seed.to_string())
        .env("ORGDECK_LIMIT_MINUTES", LIMIT_MINUTES)
        .env("CHROMIUM", &browser.chromium);
    process::run(&mut command)?;
    Ok(ExitCode::SUCCESS)
}
