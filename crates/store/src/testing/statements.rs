//! Finds the statements in a room's sources, prepares each on every engine, and looks at the plans of the hot ones.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use super::{TestDb, databases};
use crate::{Bind, Engine, Migrations, Sql, StoreError, Tx};

/// A statement as it stands in a source.
struct Found {
    place: String,
    name: String,
    is_hot: bool,
    text: String,
}

/// Prepares every literal text of `Sql::new` and `Sql::hot` below `folder` (a crate's `src`) on all engines, with the tables of
/// `rooms`; a hot statement must walk through no whole table. Answers what is wrong, a line each, and how many there are.
///
/// A constant whose name ends in `_SQLITE` or `_POSTGRES` is for that engine alone.
///
/// Errors: the sources cannot be read.
pub fn check_statements(rooms: &[Migrations], folder: &Path) -> io::Result<(usize, Vec<String>)> {
    let mut statements = Vec::new();
    gather(folder, &mut statements)?;
    let mut wrong = Vec::new();
    for db in databases(rooms) {
        for statement in statements.iter().filter(|statement| statement.is_for(db.engine())) {
            match plan(&db, statement) {
                Ok(plan) if statement.is_hot => {
                    let walks = walks(db.engine(), &statement.text, &plan);
                    wrong.extend(walks.iter().map(|walk| format!("{}: {}: {walk}", db.name, statement.title())));
                }
                Ok(_) => {}
                Err(error) => wrong.push(format!("{}: {}: {error}", db.name, statement.title())),
            }
        }
    }
    Ok((statements.len(), wrong))
}

impl Found {
    fn is_for(&self, engine: Engine) -> bool {
        match engine {
            Engine::Sqlite => !self.name.ends_with("_POSTGRES"),
            Engine::Postgres => !self.name.ends_with("_SQLITE"),
        }
    }

    fn title(&self) -> String {
        format!("{} {}", self.place, self.name)
    }
}

fn gather(folder: &Path, found: &mut Vec<Found>) -> io::Result<()> {
    let mut sources = Vec::new();
    read(folder, &mut sources)?;
    let everywhere: Vec<&str> = sources.iter().map(|(_, source)| source.as_str()).collect();
    for (place, source) in &sources {
        found.extend(statements(place, source, &everywhere));
    }
    Ok(())
}

fn read(folder: &Path, sources: &mut Vec<(String, String)>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for path in entries.iter().map(fs::DirEntry::path) {
        if path.is_dir() {
            read(&path, sources)?;
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            sources.push((path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The statements of one source; parts of them may be macros of this source or of another one.
fn statements(place: &str, source: &str, everywhere: &[&str]) -> Vec<Found> {
    let mut found = Vec::new();
    for kind in ["new", "hot"] {
        let call = format!("Sql::{kind}(");
        for (at, _) in source.match_indices(&call) {
            let (before, rest) = source.split_at(at);
            let rest = rest.get(call.len()..).unwrap_or_default();
            let mut parts = Parts { rest, source, everywhere, argument: None };
            let Some(text) = parts.text() else { continue };
            let name = before.rsplit_once("const ").map_or("", |(_, name)| name);
            let name = name.split(':').next().unwrap_or_default().trim();
            let name = if name.chars().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_') {
                name.to_owned()
            } else {
                String::new()
            };
            found.push(Found { place: place.to_owned(), name, is_hot: kind == "hot", text });
        }
    }
    found
}

/// Reads a text that is put together from literals, `concat!` and macros that stand for one text.
struct Parts<'a> {
    rest: &'a str,
    source: &'a str,
    everywhere: &'a [&'a str],
    /// What stands for the macro's only argument.
    argument: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The next text, or none if it is made when the program runs.
    fn text(&mut self) -> Option<String> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('"') {
            let (text, rest) = literal(rest)?;
            self.rest = rest;
            return Some(text);
        }
        if let Some(rest) = self.rest.strip_prefix('$') {
            self.rest = rest.trim_start_matches(is_of_name);
            return Some(self.argument?.to_owned());
        }
        let length = self.rest.find(|sign| !is_of_name(sign))?;
        let (name, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest.strip_prefix("!(")?;
        if name == "concat" {
            return Some(self.texts()?.concat());
        }
        let arguments = self.texts()?;
        self.expanded(name, arguments.first().map(String::as_str))
    }

    /// Texts up to the closing bracket.
    fn texts(&mut self) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        loop {
            self.rest = self.rest.trim_start().trim_start_matches(',').trim_start();
            if let Some(rest) = self.rest.strip_prefix(')') {
                self.rest = rest;
                return Some(texts);
            }
            texts.push(self.text()?);
        }
    }

    /// What a macro of this source, else of another one, stands for.
    fn expanded(&self, name: &str, argument: Option<&str>) -> Option<String> {
        let head = format!("macro_rules! {name} {{");
        let own = std::iter::once(&self.source);
        let (source, at) = own.chain(self.everywhere).find_map(|source| Some((*source, source.find(&head)?)))?;
        let (_, body) = source.get(at..)?.split_once("=> {")?;
        Parts { rest: body, source, everywhere: self.everywhere, argument }.text()
    }
}

fn is_of_name(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// The value of a string literal whose opening quote is gone, and what follows it.
fn literal(rest: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut signs = rest.chars();
    loop {
        match signs.next()? {
            '"' => return Some((text, signs.as_str())),
            '\\' => match signs.next()? {
                '\n' => signs = signs.as_str().trim_start().chars(),
                'n' => text.push('\n'),
                other => text.push(other),
            },
            sign => text.push(sign),
        }
    }
}

fn plan(db: &TestDb, statement: &Found) -> Result<Vec<String>, StoreError> {
    match db.engine() {
        Engine::Sqlite => {
            let explain = Sql::built(format!("explain query plan {}", statement.text));
            let rows =
                db.write(|tx: &mut Tx<'_>| tx.rows(&explain, &vec![Bind::Int(None); places(&statement.text)]))?;
            rows.iter().map(|row| row.text("detail")).collect()
        }
        Engine::Postgres => db.write(|tx: &mut Tx<'_>| {
            tx.script("set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan")?;
            tx.script(&format!("prepare lockstep_plan as {}", statement.text))?;
            let nulls = vec!["null"; places(&statement.text)].join(", ");
            let call = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
            let rows = tx.rows(&Sql::built(format!("explain execute lockstep_plan{call}")), &[])?;
            tx.script("deallocate lockstep_plan")?;
            rows.iter().map(|row| row.text("QUERY PLAN")).collect()
        }),
    }
}

fn places(text: &str) -> usize {
    let numbers = text.split('$').skip(1).filter_map(|part| {
        let end = part.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(part.len());
        part.get(..end)?.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0)
}

/// The lines of a plan that walk through a whole table or a whole index.
fn walks(engine: Engine, text: &str, plan: &[String]) -> Vec<String> {
    match engine {
        Engine::Sqlite => {
            let named = own_names(text);
            let is_walk = |line: &&String| {
                line.strip_prefix("SCAN ")
                    .and_then(|rest| rest.split(' ').next())
                    .is_some_and(|name| !named.contains(name) && name != "CONSTANT" && !name.starts_with('('))
            };
            plan.iter().filter(is_walk).cloned().collect()
        }
        Engine::Postgres => {
            let lines = plan.iter().map(String::as_str);
            let following = plan.iter().map(String::as_str).skip(1).chain(std::iter::once(""));
            let is_walk = |(line, next): &(&str, &str)| {
                line.contains("Seq Scan on")
                    || (line.contains("Index Scan") || line.contains("Index Only Scan"))
                        && line.contains(" using ")
                        && !next.contains("Index Cond")
            };
            lines.zip(following).filter(is_walk).map(|(line, _)| line.trim().to_owned()).collect()
        }
    }
}

/// Names that the statement itself gives to its steps and subqueries.
fn own_names(text: &str) -> BTreeSet<&str> {
    let words: Vec<&str> = text.split([' ', '\n', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let steps = words.windows(2).filter(|pair| matches!(pair, [_, "as"])).filter_map(|pair| pair.first().copied());
    steps.collect()
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn statements_are_found_in_sources() {
        let source = "const ONE: Sql = Sql::new(\"select 1 as \\\"one\\\"\");\nfn f() { Sql::hot(\n  \
                      \"select \\\n     2 as two\") }";
        let found = statements("x.rs", source, &[]);
        let texts: Vec<_> = found.iter().map(|found| (found.is_hot, found.text.as_str())).collect();
        assert_eq!(texts, [(false, "select 1 as \"one\""), (true, "select 2 as two")]);
        assert_eq!(found.first().map(|found| found.name.as_str()), Some("ONE"));
    }

    #[test]
    fn parts_of_statements_may_be_macros() {
        let source = "macro_rules! select {\n    ($rest:literal) => {\n        concat!(\"select \", columns!(), \" from one \", $rest)\n    };\n}\n\
                      const ONE: Sql = Sql::hot(select!(\n    \"where id = $1 \\\n     limit 1\"\n));\n\
                      const MADE: Sql = Sql::hot(made());";
        let other = "macro_rules! columns {\n    () => {\n        \"a, b\"\n    };\n}";
        let found = statements("x.rs", source, &[source, other]);
        let texts: Vec<_> = found.iter().map(|found| found.text.as_str()).collect();
        assert_eq!(texts, ["select a, b from one where id = $1 limit 1"]);
    }
}
