//! Which room may depend on which, and which libraries belong to one room.

use super::{Finding, SourceFile};

const EVERY_ROOM: [&str; 14] = [
    "ports",
    "wire",
    "store",
    "i18n",
    "mail",
    "identity",
    "records",
    "crm",
    "projects",
    "connectors",
    "bridge",
    "api",
    "web",
    "demo",
];

/// A room and the rooms it may depend on. The picture of docs/architecture.md as data: change both together.
const ROOMS: [(&str, &[&str]); 18] = [
    ("ports", &[]),
    ("wire", &[]),
    ("store", &[]),
    ("i18n", &["ports"]),
    ("mail", &["ports", "i18n", "store"]),
    ("identity", &["ports", "wire", "store", "mail"]),
    ("records", &["ports", "store"]),
    ("crm", &["ports", "wire", "store", "mail", "identity", "records"]),
    ("projects", &["ports", "wire", "store", "mail", "identity", "records"]),
    ("connectors", &["ports", "wire"]),
    ("bridge", &["ports", "store", "mail"]),
    ("api", &["ports", "wire", "i18n", "store", "mail", "identity", "bridge"]),
    ("web", &["ports", "i18n", "mail", "identity", "crm", "projects", "bridge"]),
    ("demo", &["ports", "store", "mail", "identity", "crm", "projects", "bridge"]),
    ("lockstep", &EVERY_ROOM),
    ("xtask", &[]),
    (
        "simulation",
        &[
            "ports",
            "wire",
            "store",
            "i18n",
            "mail",
            "identity",
            "records",
            "crm",
            "projects",
            "connectors",
            "bridge",
            "demo",
        ],
    ),
    (
        "bench",
        &[
            "ports",
            "wire",
            "store",
            "i18n",
            "mail",
            "identity",
            "records",
            "crm",
            "projects",
            "connectors",
            "bridge",
            "api",
            "web",
            "demo",
            "lockstep",
            "simulation",
        ],
    ),
];

/// What tests of a room may use besides: (room, dependency, reason).
const FOR_TESTS: [(&str, &str, &str); 7] = [
    ("web", "records", "a page needs the tables below its services"),
    ("web", "demo", "pages are looked at with the demo data"),
    ("web", "store", "a page needs a database below its services"),
    ("api", "demo", "answers are held against the description with the demo data"),
    ("api", "crm", "answers are held against the description over the real apps"),
    ("api", "projects", "answers are held against the description over the real apps"),
    ("api", "records", "both apps keep words and changes in its tables"),
];

/// A library that only some rooms may name, so that it can be exchanged in one place.
const LIBRARIES: [(&str, &[&str]); 13] = [
    ("rusqlite", &["store", "bench"]),
    ("postgres", &["store", "bench"]),
    ("tokio-postgres", &["store"]),
    ("tokio-postgres-rustls", &["store"]),
    ("r2d2", &["store"]),
    ("r2d2_sqlite", &["store"]),
    ("r2d2_postgres", &["store"]),
    ("refinery", &["store"]),
    ("refinery-core", &["store"]),
    ("fluent-bundle", &["i18n"]),
    ("fluent-syntax", &["i18n"]),
    ("lettre", &["mail"]),
    ("argon2", &["identity"]),
];

struct Dependency<'a> {
    name: &'a str,
    line: usize,
    is_for_tests: bool,
}

pub fn check(files: &[SourceFile]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let parts: Vec<&str> = file.path.split('/').collect();
        if let ["crates", room, "Cargo.toml"] = parts.as_slice() {
            findings.extend(check_manifest(file, room));
            findings.extend(check_is_written(files, &file.path, room));
        }
    }
    findings
}

fn check_manifest(file: &SourceFile, room: &str) -> Vec<Finding> {
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        let message = format!(
            "the room `{room}` is not in the table: make it a module, or add it to {} and to docs/architecture.md",
            file!()
        );
        return vec![Finding::error(&file.path, 1, message)];
    };
    let mut findings = Vec::new();
    for dependency in dependencies(&file.text) {
        let Dependency { name, line, is_for_tests } = dependency;
        let is_room = ROOMS.iter().any(|(known, _)| *known == name);
        let is_known_exception = is_for_tests && FOR_TESTS.iter().any(|(who, what, _)| *who == room && *what == name);
        if is_room && name != room && !allowed.contains(&name) && !is_known_exception {
            let may = if allowed.is_empty() { "no room".to_owned() } else { allowed.join(", ") };
            let message = format!(
                "`{room}` may not depend on `{name}` (it may on: {may}): move the code, or pass what is needed as a parameter"
            );
            findings.push(Finding::error(&file.path, line, message));
        }
        if let Some((_, owners)) = LIBRARIES.iter().find(|(library, _)| *library == name)
            && !owners.contains(&room)
            && !is_for_tests
        {
            let message =
                format!("only `{}` names the library `{name}`: use that room's own functions", owners.join("`, `"));
            findings.push(Finding::error(&file.path, line, message));
        }
    }
    findings
}

/// A room is made when its first line is written.
fn check_is_written(files: &[SourceFile], manifest: &str, room: &str) -> Option<Finding> {
    let folder = format!("crates/{room}/src/");
    let sources = files.iter().filter(|f| f.path.starts_with(&folder) && f.has_end("rs"));
    let lines: usize =
        sources.map(|f| f.text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("//")).count()).sum();
    let message = format!("the room `{room}` is empty: remove its folder until its first line is written");
    (lines <= 1).then(|| Finding::error(manifest, 1, message))
}

fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    for (at, text) in manifest.lines().enumerate() {
        let text = text.trim();
        if let Some(name) = text.strip_prefix('[') {
            section = name.trim_end_matches(']');
            continue;
        }
        let is_for_tests = section.ends_with("dev-dependencies");
        if !section.ends_with("dependencies") || text.is_empty() || text.starts_with('#') {
            continue;
        }
        let name = text.split(['.', '=', ' ']).next().unwrap_or_default().trim_matches('"');
        if text.contains('=')
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
        {
            found.push(Dependency { name, line: at + 1, is_for_tests });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::SourceFile;
    use super::check_manifest;

    fn check(room: &str, text: &str) -> Vec<usize> {
        let file = SourceFile { path: format!("crates/{room}/Cargo.toml"), text: text.to_owned() };
        check_manifest(&file, room).into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn a_room_depends_on_what_the_table_allows() {
        assert_eq!(check("crm", "[dependencies]\nports.workspace = true\nstore = { workspace = true }\n"), []);
        assert_eq!(check("crm", "[dependencies]\nprojects.workspace = true\nbridge = { workspace = true }\n"), [2, 3]);
        assert_eq!(
            check("web", "[dependencies]\nstore.workspace = true\n[dev-dependencies]\nstore.workspace = true\n"),
            [2]
        );
        assert_eq!(check("crm", "[dependencies]\nrusqlite.workspace = true\n"), [2]);
        assert_eq!(check("attic", ""), [1]);
    }
}
