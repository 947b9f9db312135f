//! Search by words: folded, Chinese as pairs of characters, the last letters of a word may be missing.
//!
//! A record is found when every word of the query begins one of its words. Only names, titles, keys and addresses go
//! in, and the words are rewritten only when they change.

use std::collections::BTreeSet;

use store::{Bind, Read, Row, Sql, StoreError, Tx};

use crate::{RecordKey, fold};

/// Words kept of one record, and characters kept of one word: more would not help to find it.
const WORDS_MAX: usize = 256;
const WORD_LENGTH_MAX: usize = 64;
/// Words of a query that count.
const QUERY_WORDS_MAX: usize = 8;
/// Behind every text that begins with a word, in the order of bytes.
const LAST: char = '\u{10ffff}';

const OF_RECORD: Sql = Sql::hot("select word from record_word where tenant = $1 and module = $2 and record = $3");
const ADD: Sql = Sql::hot("insert into record_word (tenant, module, word, record) values ($1, $2, $3, $4)");
const REMOVE: Sql = Sql::hot("delete from record_word where tenant = $1 and module = $2 and word = $3 and record = $4");
const FORGET: Sql = Sql::new("delete from record_word where tenant = $1 and module = $2 and record = $3");

/// A condition for a list: a fixed text with its own `$1`, `$2`, and their values.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// The condition.
    pub text: String,
    /// Its values, `$1` first.
    pub binds: Vec<Bind>,
}

/// The words under which a text is found: folded, sorted, each once. A run of Chinese, Japanese or Korean characters
/// gives its pairs and its last character.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words = BTreeSet::new();
    for run in runs(&folded) {
        match run {
            Run::Word(word) => {
                words.insert(cut(word));
            }
            Run::Signs(signs) => {
                words.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>()));
                words.extend(signs.last().map(char::to_string));
            }
        }
    }
    words.into_iter().take(WORDS_MAX).collect()
}

/// Makes a record findable by the words of `texts`, and by no others. Writes only the difference.
pub fn index(tx: &mut Tx<'_>, key: &RecordKey<'_>, texts: &[&str]) -> Result<(), StoreError> {
    // Joined by a blank, so that signs of two texts make no pair.
    let wanted: BTreeSet<String> = words(&texts.join(" ")).into_iter().collect();
    let rows = tx.rows(&OF_RECORD, &[key.tenant.into(), key.module.into(), key.record.into()])?;
    let present = rows.iter().map(|row| row.text("word")).collect::<Result<BTreeSet<_>, _>>()?;
    for word in present.difference(&wanted) {
        tx.execute(&REMOVE, &[key.tenant.into(), key.module.into(), word.into(), key.record.into()])?;
    }
    for word in wanted.difference(&present) {
        tx.execute(&ADD, &[key.tenant.into(), key.module.into(), word.into(), key.record.into()])?;
    }
    Ok(())
}

/// Takes a record out of the search.
pub fn forget(tx: &mut Tx<'_>, key: &RecordKey<'_>) -> Result<(), StoreError> {
    tx.execute(&FORGET, &[key.tenant.into(), key.module.into(), key.record.into()])?;
    Ok(())
}

/// At most `limit` ids of records that the query finds, in the order of ids (age). A query without words finds nothing.
pub fn matches(
    read: &mut Read<'_>,
    tenant: &str,
    module: &str,
    query: &str,
    limit: i64,
) -> Result<Vec<String>, StoreError> {
    let mut ranges = query_words(query).into_iter();
    let Some(first) = ranges.next() else { return Ok(Vec::new()) };
    let mut text = "select distinct record from record_word where tenant = $1 and module = $2 and word >= $3 \
                    and word < $4"
        .to_owned();
    let mut binds: Vec<Bind> = vec![tenant.into(), module.into(), first.as_str().into(), behind(&first).into()];
    for word in ranges {
        let at = binds.len();
        text.push_str(&format!(
            " and record in (select record from record_word where tenant = $1 and module = $2 and word >= ${} and word < ${})",
            at + 1,
            at + 2
        ));
        binds.extend([word.as_str().into(), behind(&word).into()]);
    }
    text.push_str(&format!(" order by record limit ${}", binds.len() + 1));
    binds.push(limit.into());
    read.rows(&Sql::built(text), &binds)?.iter().map(|row: &Row| row.text("record")).collect()
}

/// The query as conditions on the column `id` of a list, one a word; all must hold. Empty for a query without words.
pub fn filters(id: &'static str, tenant: &str, module: &str, query: &str) -> Vec<Filter> {
    let filter = |word: String| Filter {
        text: format!(
            "{id} in (select record from record_word where tenant = $1 and module = $2 and word >= $3 and word < $4)"
        ),
        binds: vec![tenant.into(), module.into(), word.as_str().into(), behind(&word).into()],
    };
    query_words(query).into_iter().map(filter).collect()
}

/// A part of a text: letters and digits of an alphabet, or signs that are written without blanks between words.
enum Run<'a> {
    Word(&'a str),
    Signs(Vec<char>),
}

/// The words asked for: of signs only the pairs, a single sign where it stands alone.
fn query_words(query: &str) -> Vec<String> {
    let folded = fold(query);
    let mut words = BTreeSet::new();
    for run in runs(&folded) {
        match run {
            Run::Word(word) => {
                words.insert(cut(word));
            }
            Run::Signs(signs) if signs.len() == 1 => words.extend(signs.first().map(char::to_string)),
            Run::Signs(signs) => words.extend(signs.windows(2).map(|pair| pair.iter().collect::<String>())),
        }
    }
    // The longest words tell most.
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(QUERY_WORDS_MAX);
    words
}

fn runs(folded: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for part in folded.split(|sign: char| !sign.is_alphanumeric()) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|sign| is_sign(sign) != is_sign(first)).unwrap_or(rest.len());
            let (run, tail) = rest.split_at(end);
            runs.push(if is_sign(first) { Run::Signs(run.chars().collect()) } else { Run::Word(run) });
            rest = tail;
        }
    }
    runs
}

/// Han, kana and Hangul.
fn is_sign(sign: char) -> bool {
    matches!(sign, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn cut(word: &str) -> String {
    word.chars().take(WORD_LENGTH_MAX).collect()
}

fn behind(word: &str) -> String {
    format!("{word}{LAST}")
}

#[cfg(test)]
mod tests {
    use super::{query_words, words};

    #[test]
    fn words_are_folded_and_cut_at_signs() {
        assert_eq!(words("Zylker GmbH & Co. — ＡＢＣ"), ["abc", "co", "gmbh", "zylker"]);
        assert_eq!(words("anna.berg@Zylker.com"), ["anna", "berg", "com", "zylker"]);
        assert_eq!(words("Straße STRASSE"), ["strasse"]);
        assert!(words(" -- ").is_empty());
    }

    #[test]
    fn chinese_words_are_pairs_and_the_last_character() {
        assert_eq!(words("数据迁移"), ["据迁", "数据", "移", "迁移"]);
        assert_eq!(words("ABC客户2"), ["2", "abc", "客户", "户"]);
        assert_eq!(query_words("数据迁移").len(), 3);
        assert_eq!(query_words("移"), ["移"]);
    }

    #[test]
    fn a_long_text_gives_a_bounded_number_of_words() {
        let text: String = (0..5_000).map(|number| format!("w{number} ")).collect();
        assert_eq!(words(&text).len(), 256);
        assert!(words(&"x".repeat(9_999)).iter().all(|word| word.len() == 64));
        assert_eq!(query_words(&text).len(), 8);
    }
}
