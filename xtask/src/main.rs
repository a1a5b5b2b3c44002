//! The project's own commands: `cargo xtask demo`, `test`, `fuzz`, `build`, `size`, `types`.

mod bench;
mod build;
mod cargo;
mod demo;
mod faults;
mod fuzz;
mod minify;
mod order;
mod process;
mod project;
mod report;
mod server;
mod size;
mod soak;
mod table;
mod test;
mod test_runner;
mod tools;
mod trim;
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
    /// Try made-up inputs on what reads answers, headers, URLs and criteria.
    Fuzz(fuzz::Arguments),
    /// Hours of mixed work while every tenth request goes wrong, shortened; and the vendors' real rate limits.
    Soak(soak::Arguments),
    /// Measure side by side with other ways and packages.
    Bench(bench::Arguments),
    /// Build the npm package's generated part, pkg/dist.
    Build(build::Arguments),
    /// Show the size of everything that a page loads, and fail above the budget.
    Size,
    /// Compare pkg/models.d.ts with the Rust declarations, or write it.
    Types(types::Arguments),
    /// Let every fault happen, and print what becomes of calls as docs/faults.md has it, or write that.
    Faults(faults::Arguments),
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
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Soak(arguments) => soak::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Size => size::run(),
        Command::Types(arguments) => types::run(&arguments),
        Command::Faults(arguments) => faults::run(&arguments),
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
