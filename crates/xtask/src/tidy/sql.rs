//! SQL: in lower case, columns named, and only on the tables of its own room.

use super::lexer::Lexed;
use super::{Finding, SourceFile};

/// Rooms with tables and the prefix of those tables.
const PREFIXES: [(&str, &str); 8] = [
    ("api", "api_"),
    ("bridge", "bridge_"),
    ("crm", "crm_"),
    ("identity", "identity_"),
    ("mail", "mail_"),
    ("projects", "projects_"),
    ("records", "record_"),
    ("store", "store_"),
];

/// Rooms that look at everybody's tables: they check or measure, and change nothing of the product.
const OBSERVERS: [&str; 4] = ["bench", "lockstep", "simulation", "xtask"];

/// (room, table, reason): statements that may name another room's table.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// The word before a table's name.
const BEFORE_TABLE: [&str; 6] = ["from", "join", "into", "update", "table", "references"];

pub fn check_literals(file: &SourceFile, lexed: &Lexed) -> Vec<Finding> {
    let Some(room) = file.room().filter(|room| !OBSERVERS.contains(room)) else {
        return Vec::new();
    };
    if file.path.contains("/tests/") || file.path.ends_with("/build.rs") {
        return Vec::new();
    }
    lexed
        .literals
        .iter()
        .filter(|literal| is_statement(&literal.text))
        .flat_map(|l| check_statement(file, room, l.line, &l.text))
        .collect()
}

pub fn check_migration(file: &SourceFile) -> Vec<Finding> {
    let Some(room) = file.room() else {
        return vec![Finding::error(&file.path, 1, "SQL stands below the room whose tables it makes")];
    };
    let mut findings = Vec::new();
    let mut line = 1;
    for statement in file.text.split(';') {
        let without_comments: Vec<&str> = statement.lines().map(|l| l.split("--").next().unwrap_or_default()).collect();
        let blank =
            statement.lines().take_while(|l| l.split("--").next().unwrap_or_default().trim().is_empty()).count();
        findings.extend(check_statement(file, room, line + blank, &without_comments.join("\n")));
        line += statement.matches('\n').count();
    }
    findings
}

fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace().map(str::to_ascii_lowercase);
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let text = text.to_ascii_lowercase();
    match first.as_str() {
        "select" => text.contains(" from ") || text.contains("\nfrom ") || text.contains("\n from "),
        "insert" => second == "into",
        "update" => text.contains(" set ") || text.contains("\nset "),
        "delete" => second == "from",
        "with" => text.contains(" as ") && text.contains("select "),
        "create" | "alter" | "drop" => ["table", "index", "unique"].contains(&second.as_str()),
        _ => false,
    }
}

fn check_statement(file: &SourceFile, room: &str, line: usize, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let own = PREFIXES.iter().find(|(name, _)| *name == room).map(|(_, prefix)| *prefix);
    let Some(own) = own else {
        if is_statement(text) {
            let message =
                format!("`{room}` has no tables and writes no SQL: call the service of the room that has them");
            findings.push(Finding::error(&file.path, line, message));
        }
        return findings;
    };
    let words = words(text);
    if words.iter().any(|word| ["SELECT", "INSERT", "UPDATE", "DELETE", "FROM", "WHERE", "CREATE"].contains(word)) {
        findings.push(Finding::error(&file.path, line, "SQL is lower case"));
    }
    if text.contains("select *") {
        findings.push(Finding::error(&file.path, line, "columns are named: no `select *`"));
    }
    for table in tables(&words) {
        let is_foreign = PREFIXES.iter().any(|(_, prefix)| *prefix != own && table.starts_with(prefix));
        let is_excepted = EXCEPTIONS.iter().any(|(who, what, _)| *who == room && *what == table);
        if is_foreign && !is_excepted {
            let message = format!(
                "the table `{table}` belongs to another room: `{room}` names only `{own}…`; call the other room's service"
            );
            findings.push(Finding::error(&file.path, line, message));
        }
    }
    findings
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty()).collect()
}

/// What stands where a table stands. `is distinct from x` and `do update set x` name no table.
fn tables<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let word = word.to_ascii_lowercase();
        let before = at.checked_sub(1).and_then(|i| words.get(i)).copied().unwrap_or_default();
        let names_a_table = BEFORE_TABLE.contains(&word.as_str()) && before != "distinct";
        let is_index =
            word == "on" && words.iter().take(at).any(|w| *w == "index") && words.iter().take(at).count() <= 8;
        if names_a_table || is_index {
            let follows = words.iter().skip(at + 1).find(|w| !["if", "not", "exists", "only"].contains(*w));
            found.extend(follows.copied());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::SourceFile;
    use super::super::lexer::lex;
    use super::{check_literals, check_migration};

    fn lines(path: &str, text: &str) -> Vec<usize> {
        let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
        let found = if path.ends_with(".sql") { check_migration(&file) } else { check_literals(&file, &lex(text)) };
        found.into_iter().map(|f| f.line).collect()
    }

    #[test]
    fn a_room_names_its_own_tables_only() {
        let bridge = "crates/bridge/src/link.rs";
        assert_eq!(
            lines(
                bridge,
                "const A: Sql = Sql::new(\"select crm_task_id from bridge_link where projects_task_id is distinct from crm_task_id\");"
            ),
            []
        );
        assert_eq!(lines(bridge, "\n const A: Sql = Sql::new(\"select id from crm_task\");"), [2]);
        assert_eq!(
            lines(
                bridge,
                "const A: Sql = Sql::new(\"update bridge_link set a = 1 where id in (select id from crm_task)\");"
            ),
            [1]
        );
        assert_eq!(lines(bridge, "let x = \"take the task from crm_task\";"), []);
        assert_eq!(lines(bridge, "const A: Sql = Sql::new(\"SELECT id FROM bridge_link\");"), [1]);
        assert_eq!(lines("crates/web/src/live.rs", "let a = \"select id from crm_task\";"), [1]);
        assert_eq!(lines("crates/simulation/src/world.rs", "let a = \"select id from crm_task\";"), []);
    }

    #[test]
    fn a_migration_makes_its_own_tables_only() {
        let path = "crates/crm/migrations/1_start.sql";
        let good = "create table crm_task (id text primary key, owner text references crm_user (id));\ncreate index crm_task_owner on crm_task (owner);\n";
        assert_eq!(lines(path, good), []);
        assert_eq!(
            lines(path, "-- first\ncreate table crm_task (id text);\n\ncreate table projects_task (id text);\n"),
            [4]
        );
        assert_eq!(lines(path, "create index crm_x on projects_task (id);\n"), [1]);
    }
}
