//! Words that have no place here: notes for later, folders of one machine, addresses of package registries,
//! documents that a reader does not have.

use super::{Finding, SourceFile};

struct Banned {
    word: &'static str,
    remedy: &'static str,
}

const LATER: &str = "nothing is left for later: finish it, or file it as an issue";
const MACHINE: &str = "this is a folder of one machine: use a path below the repository or a temporary folder";
const REGISTRY: &str = "addresses of package registries are a matter of each machine: leave it out";
const MISSING: &str = "a reader of the repository does not have this document: say what it says";

const BANNED: [Banned; 16] = [
    Banned { word: "TODO", remedy: LATER },
    Banned { word: "FIXME", remedy: LATER },
    Banned { word: "XXX", remedy: LATER },
    Banned { word: concat!("/ro", "ot/"), remedy: MACHINE },
    Banned { word: "/home/", remedy: MACHINE },
    Banned { word: "/Users/", remedy: MACHINE },
    Banned { word: concat!("/wo", "rk/"), remedy: MACHINE },
    Banned { word: "../shared", remedy: MACHINE },
    Banned { word: concat!("registry.", "npm", "js.org"), remedy: REGISTRY },
    Banned { word: concat!("registry.", "npm", "mirror.com"), remedy: REGISTRY },
    Banned { word: concat!("static.", "crates", ".io"), remedy: REGISTRY },
    Banned { word: concat!("index.", "crates", ".io"), remedy: REGISTRY },
    Banned { word: "\"resolved\":", remedy: "lock files are made with omit-lockfile-registry-resolved (.npmrc)" },
    Banned { word: concat!("UI", "-GUIDE"), remedy: MISSING },
    Banned { word: concat!("DECI", "SIONS"), remedy: MISSING },
    Banned { word: concat!("mock", "up"), remedy: MISSING },
];

/// (path, word, reason).
const EXCEPTIONS: [(&str, &str, &str); 1] =
    [(".ci/run", "../shared", "the public data set stands beside the repository where it is checked")];

/// This file names some of the words in order to find them; what must stand nowhere it names in pieces.
const OWN_PATH: &str = "crates/xtask/src/tidy/words.rs";

pub fn check(file: &SourceFile) -> Vec<Finding> {
    if file.path == OWN_PATH {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (at, text) in file.text.lines().enumerate() {
        for banned in &BANNED {
            let is_excepted = EXCEPTIONS.iter().any(|(path, word, _)| *path == file.path && *word == banned.word);
            if !is_excepted && contains(text, banned.word) {
                findings.push(Finding::error(&file.path, at + 1, format!("\"{}\": {}", banned.word, banned.remedy)));
            }
        }
    }
    findings
}

/// A word of letters must stand alone; a path or an address may stand anywhere.
fn contains(text: &str, word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_ascii_alphabetic());
    if !is_plain {
        return text.contains(word);
    }
    text.match_indices(word).any(|(start, _)| {
        let before = text.get(..start).and_then(|t| t.chars().next_back());
        let after = text.get(start + word.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(|c| c.is_ascii_alphanumeric()) && !after.is_some_and(|c| c.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::super::SourceFile;
    use super::check;

    #[test]
    fn banned_words_are_found_with_their_line() {
        let lines = |path: &str, text: &str| {
            let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
            check(&file).into_iter().map(|f| f.line).collect::<Vec<_>>()
        };
        let later = ["TO", "DO"].concat();
        assert_eq!(lines("docs/a.md", &format!("fine\n{later}: more\nAUTO{later}N")), [2]);
        assert_eq!(lines("docs/a.md", &format!("cd {}", ["/ro", "ot/x"].concat())), [1]);
        assert_eq!(lines(".ci/run", &["../sha", "red/data"].concat()), []);
    }
}
