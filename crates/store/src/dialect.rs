//! The closed list of differences between the two engines.

/// Which engine's text is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// Embedded SQLite.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// SQLite takes `$2` for a name and numbers names by first appearance; `?2` is a number.
pub(crate) fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in tokens(text) {
        match token.strip_prefix('$') {
            Some(number) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                out.push('?');
                out.push_str(number);
            }
            _ => out.push_str(token),
        }
    }
    out
}

/// A migration as `engine` gets it: types replaced, SQLite tables strict, PostgreSQL text sorted by bytes.
///
/// The word `serial_key` stands for a key that counts up by itself.
pub(crate) fn filled_in(engine: Engine, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for statement in statements(text) {
        let head: Vec<&str> = words(statement).take(5).collect();
        match head.as_slice() {
            // How a table is kept: only PostgreSQL has a say in it.
            ["alter", "table", _, "set", "("] if engine == Engine::Sqlite => continue,
            ["create", "table", ..] => {
                out.push_str(with_types(engine, statement).trim_end());
                if engine == Engine::Sqlite {
                    out.push_str(" strict");
                }
            }
            ["alter", "table", ..] => out.push_str(&with_types(engine, statement)),
            [] => {
                out.push_str(statement);
                continue;
            }
            _ => out.push_str(statement),
        }
        out.push(';');
    }
    out
}

/// Words after which `text` is a name or part of an expression, not the type of a column.
const NO_TYPE_AFTER: [&str; 9] = ["column", "as", "to", "table", "on", "and", "or", "not", "rename"];

fn with_types(engine: Engine, statement: &str) -> String {
    let mut out = String::with_capacity(statement.len() + 64);
    let mut before = "";
    for token in tokens(statement) {
        let is_type = is_name(token) && is_name(before) && !NO_TYPE_AFTER.contains(&before);
        out.push_str(if is_type { type_word(engine, before, token) } else { token });
        if !token.trim().is_empty() && !token.starts_with("--") {
            before = token;
        }
    }
    out
}

fn type_word<'a>(engine: Engine, before: &str, word: &'a str) -> &'a str {
    match (engine, word) {
        (Engine::Sqlite, "bigint") => "integer",
        (Engine::Sqlite, "double") => "real",
        (Engine::Sqlite, "precision") if before == "double" => "",
        (Engine::Sqlite, "bytea") => "blob",
        (Engine::Sqlite, "serial_key") => "integer primary key autoincrement",
        (Engine::Postgres, "serial_key") => "bigint generated always as identity primary key",
        (Engine::Postgres, "text") => "text collate \"C\"",
        (Engine::Sqlite | Engine::Postgres, other) => other,
    }
}

fn is_name(token: &str) -> bool {
    token.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'"')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    tokens(text).filter(|token| !token.trim().is_empty() && !token.starts_with("--"))
}

/// The statements of a script, without their semicolons; comments stay with what follows them.
fn statements(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for token in tokens(text) {
        if token == ";" {
            parts.push(text.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        at += token.len();
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

/// Words, quoted texts, comments, white space and single signs; together they are the text again.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '\'' | '"' => quoted_length(rest, first),
            '-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if is_word_sign(first) || first == '$' => {
                let tail = rest.get(first.len_utf8()..).unwrap_or_default();
                first.len_utf8() + tail.find(|sign| !is_word_sign(sign)).unwrap_or(tail.len())
            }
            _ if first.is_whitespace() => rest.find(|sign: char| !sign.is_whitespace()).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, tail) = rest.split_at_checked(length)?;
        rest = tail;
        Some(token)
    })
}

fn quoted_length(text: &str, quote: char) -> usize {
    // A doubled quote inside ends one quoted text and begins the next: for us the same.
    text.get(1..).and_then(|tail| tail.find(quote)).map_or(text.len(), |at| at + 2)
}

fn is_word_sign(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::{Engine, filled_in, numbered};

    #[test]
    fn placeholders_become_numbers_for_sqlite() {
        assert_eq!(
            numbered("update t set a = $2, b = '$3', c = $11 where \"$4\" = $1 -- $5"),
            "update t set a = ?2, b = '$3', c = ?11 where \"$4\" = ?1 -- $5"
        );
    }

    #[test]
    fn types_are_filled_in_for_each_engine() {
        let text = "-- tasks\ncreate table t (\n  id text primary key, -- text\n  text text not null default 'text',\n  \
                    n bigint not null check (n > 0),\n  part double precision,\n  raw bytea\n);\n\
                    create index t_text on t (id, text);\nalter table t add column more text;\n";
        assert_eq!(
            filled_in(Engine::Sqlite, text),
            "-- tasks\ncreate table t (\n  id text primary key, -- text\n  text text not null default 'text',\n  \
             n integer not null check (n > 0),\n  part real ,\n  raw blob\n) strict;\n\
             create index t_text on t (id, text);\nalter table t add column more text;\n"
        );
        assert_eq!(
            filled_in(Engine::Postgres, text),
            "-- tasks\ncreate table t (\n  id text collate \"C\" primary key, -- text\n  \
             text text collate \"C\" not null default 'text',\n  \
             n bigint not null check (n > 0),\n  part double precision,\n  raw bytea\n);\n\
             create index t_text on t (id, text);\nalter table t add column more text collate \"C\";\n"
        );
    }

    #[test]
    fn how_a_table_is_kept_is_said_to_postgres_only() {
        let text = "create index a on t (n);\n-- often\nalter table t set (autovacuum_vacuum_scale_factor = 0.1);\n";
        assert_eq!(filled_in(Engine::Sqlite, text), "create index a on t (n);\n");
        assert_eq!(filled_in(Engine::Postgres, text), text);
    }

    #[test]
    fn a_counting_key_has_a_word_of_its_own() {
        assert_eq!(
            filled_in(Engine::Sqlite, "create table t (n serial_key);"),
            "create table t (n integer primary key autoincrement) strict;"
        );
        assert_eq!(
            filled_in(Engine::Postgres, "create table t (n serial_key);"),
            "create table t (n bigint generated always as identity primary key);"
        );
    }
}
