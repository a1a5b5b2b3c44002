//! `orgdeck-sandbox`: reads the command line, starts the server, waits to be stopped.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use orgdeck_sandbox::{Args, serve, usage_error};

/// Anything wrong with how the program was started: a flag, a port, a file.
const BAD_START: u8 = 2;

fn main() -> ExitCode {
    let config = match Args::try_parse() {
        Ok(args) => args.into_config(),
        Err(error) if error.use_stderr() => return refuse(&usage_error(&error)),
        Err(help) => {
            // `--help` and `--version`: a closed pipe is no reason to complain.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    if !config.bind.is_loopback() {
        eprintln!(
            "warning: listening on {}, so others on the network can reach this development server",
            config.bind
        );
    }
    let running = match serve(config) {
        Ok(running) => running,
        Err(error) => return refuse(&error.to_string()),
    };
    for note in running.notes() {
        eprintln!("note: {note}");
    }
    running.run_until_stopped(|running| {
        let mut stdout = std::io::stdout();
        let announced = writeln!(stdout, "orgdeck-sandbox listening on {}", running.url());
        // Whoever started us may not read; that does not stop the server.
        let _ = announced.and_then(|()| stdout.flush());
    });
    ExitCode::SUCCESS
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("orgdeck-sandbox: {why}");
    ExitCode::from(BAD_START)
}
