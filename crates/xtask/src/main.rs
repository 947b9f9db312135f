//! Tasks of developers: `cargo xtask assets | build | run ARGS… | tidy`. Depends on nothing but Rust itself.

mod assets;
mod tidy;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Usage: cargo xtask TASK

  assets        make the page assets (crates/web/assets/dist) from their sources
  build         make the page assets, then the release binary target/release/lockstep
  run ARGS…     make the page assets if a source is newer, then run lockstep with ARGS
                (the same as: cargo lockstep ARGS…)
  tidy          check the rules that rustfmt and clippy do not know";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = root();
    let done = match arguments.split_first() {
        Some((task, [])) if task == "assets" => assets::make(&root),
        Some((task, [])) if task == "build" => assets::make(&root).and_then(|()| build(&root)),
        Some((task, rest)) if task == "run" => assets::make_if_older(&root).and_then(|()| run(&root, rest)),
        Some((task, [])) if task == "tidy" => tidy::report(&root),
        Some(_) | None => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace. Cargo names this crate's folder to whatever it runs.
fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    own.and_then(|folder| folder.ancestors().nth(2).map(Path::to_path_buf)).unwrap_or_else(|| PathBuf::from("."))
}

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn build(root: &Path) -> Result<(), String> {
    let mut command = cargo();
    command.args(["build", "--release", "--package", "lockstep", "--manifest-path"]).arg(root.join("Cargo.toml"));
    succeed(command, "the release build")
}

/// Does not return unless cargo cannot be started: cargo replaces this process and lockstep replaces cargo, so that
/// a signal reaches the product.
fn run(root: &Path, arguments: &[String]) -> Result<(), String> {
    let mut command = cargo();
    command.args(["run", "--package", "lockstep", "--manifest-path"]).arg(root.join("Cargo.toml"));
    command.arg("--").args(arguments);
    Err(format!("cargo could not be started: {}", command.exec()))
}

/// Runs a command with its output shown. The error names what did not work.
fn succeed(mut command: Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} did not succeed ({status}); its output is above")),
        Err(error) => Err(format!("{what} could not be started: {error}")),
    }
}
