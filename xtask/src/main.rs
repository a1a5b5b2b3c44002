//! The project's own commands: `cargo xtask demo`, `test`, `build`, `size`, `types`.

mod build;
mod cargo;
mod demo;
mod minify;
mod process;
mod project;
mod report;
mod server;
mod size;
mod test;
mod test_runner;
mod tools;
mod types;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Build, try and test Orgdeck.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the package, start the sandbox and serve the demo console.
    Demo(demo::Arguments),
    /// Run every test there is, or the named layers. Its last line is `N passed, N failed`.
    Test(test::Arguments),
    /// Build the npm package's generated part, pkg/dist.
    Build(build::Arguments),
    /// Show the size of everything that a page loads, and fail above the budget.
    Size,
    /// Compare pkg/models.d.ts with the Rust declarations, or write it.
    Types(types::Arguments),
    /// What `cargo test --target wasm32-unknown-unknown` runs a test binary with.
    #[command(hide = true, disable_help_flag = true)]
    TestRunner {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// The second half of `test-runner`, in the environment that the first one prepared.
    #[command(hide = true, disable_help_flag = true)]
    TestRunnerPrepared {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = process::stop_children_on_signals().and_then(|()| match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Size => size::run(),
        Command::Types(arguments) => types::run(&arguments),
        Command::TestRunner { arguments } => test_runner::run(&arguments),
        Command::TestRunnerPrepared { arguments } => test_runner::run_prepared(&arguments),
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            report::exit_code(&error)
        }
    }
}
