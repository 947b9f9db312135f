//! The program `lockstep`.

use std::process::ExitCode;

use clap::Parser;
use lockstep::cli::{ApiClientCommand, Cli, Command};

fn main() -> ExitCode {
    lockstep::install_tls();
    match Cli::parse().command {
        Command::Serve(mut args) => {
            args.demo_password = std::env::var("LOCKSTEP_DEMO_PASSWORD").ok().map(lockstep::config::Secret::new);
            lockstep::start_logging();
            answered(lockstep::serve::serve(&args).map(|()| ExitCode::SUCCESS))
        }
        Command::Import(args) => answered(lockstep::import::import(&args)),
        Command::ApiClient { command: ApiClientCommand::Create(args) } => {
            answered(lockstep::api_client::create(&args).map(|()| ExitCode::SUCCESS))
        }
    }
}

fn answered(result: Result<ExitCode, lockstep::Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("lockstep: {failure}");
            ExitCode::from(1)
        }
    }
}
