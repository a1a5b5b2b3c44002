//! `cargo xtask demo`: from a fresh checkout to a console in the browser.

use std::process::ExitCode;

use anyhow::Result;

use crate::build::{self, Kind};
use crate::report::{missing, step};
use crate::server::{Options, Sandbox};
use crate::{cargo, project, tools};

#[derive(clap::Args)]
pub struct Arguments {
    /// Port of the console on 127.0.0.1; 0 for any that is free.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// How many people the made-up organisation has.
    #[arg(long, default_value_t = 3000)]
    people: u32,
    /// How many groups it has.
    #[arg(long)]
    groups: Option<u32>,
    /// What the made-up people are drawn from: the same number gives the same people.
    #[arg(long)]
    seed: Option<u64>,
    /// Keep the data in this SQLite file, so that changes outlive the demo.
    #[arg(long, value_name = "FILE")]
    db: Option<String>,
    /// Serve pkg/dist as it is.
    #[arg(long)]
    no_build: bool,
}

impl Arguments {
    fn for_sandbox(&self) -> Vec<String> {
        let mut arguments = vec!["--people".to_owned(), self.people.to_string()];
        let optional = [
            ("--groups", self.groups.map(|groups| groups.to_string())),
            ("--seed", self.seed.map(|seed| seed.to_string())),
            ("--db", self.db.clone()),
        ];
        for (name, value) in optional {
            arguments.extend(value.into_iter().flat_map(|value| [name.to_owned(), value]));
        }
        arguments
    }
}

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    // All that can be missing is found before the long steps.
    tools::require_free_port(arguments.port)?;
    if arguments.no_build {
        if !project::package().join("dist/index.js").exists() {
            return Err(missing("pkg/dist is not built yet: leave out --no-build"));
        }
    } else {
        tools::require_wasm_target()?;
        build::package(Kind::Release)?;
    }
    let program = step("Building the sandbox", cargo::sandbox)?;
    let sandbox = step(&format!("Starting it with {} people", arguments.people), || {
        let options = Options {
            port: arguments.port,
            arguments: arguments.for_sandbox(),
            console: true,
            visible: true,
        };
        Sandbox::start(&program, &options)
    })?;
    println!("\nThe console is at {}/ — press Ctrl-C to stop.", sandbox.url);
    let status = sandbox.wait()?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
