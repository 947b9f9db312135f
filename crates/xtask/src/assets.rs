//! Makes the page assets: packages from the lock file, then one script that bundles, names by content and compresses.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::succeed;

const NODE_MIN: u32 = 20;

/// Makes the assets anew.
pub fn make(root: &Path) -> Result<(), String> {
    let folder = root.join("crates/web/assets");
    check_node()?;
    install_packages(&folder)?;
    let mut command = Command::new("node");
    command.arg("build.mjs").current_dir(&folder);
    succeed(command, "making the page assets")
}

/// Makes the assets if one of their sources is newer than the last result.
pub fn make_if_older(root: &Path) -> Result<(), String> {
    let folder = root.join("crates/web/assets");
    let has_result = folder.join("dist/manifest.json").exists();
    let made = changed_at(&folder.join("node_modules/.assets-made")).filter(|_| has_result);
    let newest = sources(&folder)?.iter().filter_map(|file| changed_at(file)).max();
    if made.is_some() && made >= newest { Ok(()) } else { make(root) }
}

fn check_node() -> Result<(), String> {
    let remedy = format!(
        "The page assets need Node.js {NODE_MIN} or newer with npm: install it (https://nodejs.org) and run this again."
    );
    let output = Command::new("node").arg("--version").output().map_err(|_| format!("node was not found. {remedy}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    match major {
        Some(major) if major >= NODE_MIN => Ok(()),
        Some(_) | None => Err(format!("node reports the version \"{version}\". {remedy}")),
    }
}

/// `npm ci`, unless the packages are as new as the lock file.
fn install_packages(folder: &Path) -> Result<(), String> {
    let lock = changed_at(&folder.join("package-lock.json"));
    let installed = changed_at(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= lock {
        return Ok(());
    }
    let mut command = Command::new("npm");
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder);
    succeed(command, "npm ci in crates/web/assets")
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|about| about.modified()).ok()
}

/// Everything the result depends on, folders included: a removed file changes its folder.
fn sources(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = vec![folder.join("src")];
    for entry in std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| format!("{}: {e}", folder.display()))?.path();
        if path.is_file() {
            found.push(path);
        }
    }
    let mut at = 0;
    while let Some(path) = found.get(at).cloned() {
        at += 1;
        if path.is_dir() {
            let inside = std::fs::read_dir(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            found.extend(inside.filter_map(|entry| entry.ok().map(|e| e.path())));
        }
    }
    Ok(found)
}
