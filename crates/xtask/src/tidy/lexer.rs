//! Tells code, comments and text literals of a Rust file apart; no more of the language than that.

/// A Rust file with its literals taken out.
pub struct Lexed {
    /// The code with comments and the inside of literals replaced by spaces; line breaks are kept.
    pub code: String,
    pub literals: Vec<Literal>,
}

/// The inside of a text literal as written, without unescaping.
pub struct Literal {
    pub line: usize,
    pub text: String,
}

/// A function with a body.
pub struct Function {
    pub name: String,
    /// Where the word `fn` stands.
    pub line: usize,
    /// Lines from `fn` to the closing brace, both counted.
    pub length: usize,
    /// Whether `#[test]` stands before it.
    pub is_test: bool,
}

pub fn lex(text: &str) -> Lexed {
    Lexer {
        letters: text.chars().collect(),
        at: 0,
        line: 1,
        code: String::with_capacity(text.len()),
        literals: Vec::new(),
    }
    .run()
}

/// All functions with a body, in the order of the file. A function inside a function is listed too.
pub fn functions(lexed: &Lexed) -> Vec<Function> {
    let letters: Vec<char> = lexed.code.chars().collect();
    let mut found = Vec::new();
    let mut line = 1;
    let mut last_item_end = 0;
    for at in 0..letters.len() {
        match letters.get(at) {
            Some('\n') => line += 1,
            Some('{' | '}' | ';') => last_item_end = at,
            Some('f') if is_word(&letters, at, "fn") => {
                let head: String = letters.get(last_item_end..at).unwrap_or_default().iter().collect();
                let name: String = letters
                    .iter()
                    .skip(at + 2)
                    .skip_while(|c| c.is_whitespace())
                    .take_while(|c| c.is_alphanumeric() || **c == '_')
                    .collect();
                if let (false, Some(length)) = (name.is_empty(), body_lines(letters.get(at..).unwrap_or_default())) {
                    found.push(Function { name, line, length, is_test: head.contains("#[test]") });
                }
            }
            Some(_) | None => {}
        }
    }
    found
}

fn is_word(letters: &[char], at: usize, word: &str) -> bool {
    let is_part = |c: &char| c.is_alphanumeric() || *c == '_';
    let before = at.checked_sub(1).and_then(|i| letters.get(i));
    let after = letters.get(at + word.len());
    letters.iter().skip(at).take(word.len()).copied().eq(word.chars())
        && !before.is_some_and(is_part)
        && !after.is_some_and(is_part)
}

/// Lines up to the brace that closes the body; `None` for a declaration without body.
fn body_lines(letters: &[char]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut brackets = 0_usize;
    let mut lines = 1;
    for letter in letters {
        match letter {
            '\n' => lines += 1,
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets = brackets.saturating_sub(1),
            ';' if depth == 0 && brackets == 0 => return None,
            '{' => depth += 1,
            '}' if depth <= 1 => return (depth == 1).then_some(lines),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
    line: usize,
    code: String,
    literals: Vec<Literal>,
}

impl Lexer {
    fn run(mut self) -> Lexed {
        while let Some(letter) = self.peek(0) {
            match (letter, self.peek(1)) {
                ('/', Some('/')) => self.blank_while(|c| c != '\n'),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.literal(),
                ('r', Some('"' | '#')) if !self.is_inside_word() => self.raw_literal(),
                ('\'', _) => self.letter_or_lifetime(),
                _ => self.keep(),
            }
        }
        Lexed { code: self.code, literals: self.literals }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn is_inside_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|i| self.letters.get(i));
        before.is_some_and(|c| c.is_alphanumeric() && *c != 'b' || *c == '_')
    }

    fn keep(&mut self) {
        if let Some(letter) = self.peek(0) {
            self.line += usize::from(letter == '\n');
            self.code.push(letter);
            self.at += 1;
        }
    }

    fn blank(&mut self) {
        if let Some(letter) = self.peek(0) {
            self.line += usize::from(letter == '\n');
            self.code.push(if letter == '\n' { '\n' } else { ' ' });
            self.at += 1;
        }
    }

    fn blank_while(&mut self, goes_on: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&goes_on) {
            self.blank();
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(letter) = self.peek(0) {
            match (letter, self.peek(1)) {
                ('/', Some('*')) => {
                    depth += 1;
                    self.blank();
                }
                ('*', Some('/')) => {
                    depth = depth.saturating_sub(1);
                    self.blank();
                }
                _ => {}
            }
            self.blank();
            if depth == 0 {
                return;
            }
        }
    }

    fn literal(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while let Some(letter) = self.peek(0) {
            if letter == '"' {
                self.keep();
                break;
            }
            text.push(letter);
            self.blank();
            if letter == '\\'
                && let Some(escaped) = self.peek(0)
            {
                text.push(escaped);
                self.blank();
            }
        }
        self.literals.push(Literal { line, text });
    }

    fn raw_literal(&mut self) {
        let hashes = self.letters.iter().skip(self.at + 1).take_while(|c| **c == '#').count();
        if self.peek(1 + hashes) != Some('"') {
            self.keep();
            return;
        }
        let line = self.line;
        for _ in 0..hashes + 2 {
            self.keep();
        }
        let mut text = String::new();
        while let Some(letter) = self.peek(0) {
            let closes = letter == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                for _ in 0..=hashes {
                    self.keep();
                }
                break;
            }
            text.push(letter);
            self.blank();
        }
        self.literals.push(Literal { line, text });
    }

    /// `'a'` and `'\n'` are letters, `'static` is not.
    fn letter_or_lifetime(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.blank();
                self.blank();
                self.blank();
                self.blank_while(|c| c != '\'');
                self.blank();
            }
            (Some(_), Some('\'')) => {
                self.blank();
                self.blank();
                self.blank();
            }
            _ => self.keep(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{functions, lex};

    #[test]
    fn literals_and_comments_are_taken_out() {
        let lexed = lex(
            "let a = \"x { \\\" y\"; // fn {\n/* } /* { */ */ let b = r#\"raw \"{\"#; let c = '{'; let d: &'static str;",
        );
        assert!(!lexed.code.contains('{') && !lexed.code.contains('}'), "{}", lexed.code);
        assert!(lexed.code.contains("'static"));
        let texts: Vec<&str> = lexed.literals.iter().map(|l| l.text.as_str()).collect();
        assert_eq!(texts, ["x { \\\" y", "raw \"{"]);
        assert_eq!(lexed.literals.iter().map(|l| l.line).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn functions_are_measured() {
        let lexed =
            lex("fn a() {\n}\n#[test]\nfn str_1_b(x: [u8; 3]) -> u8 {\n  if x {\n  }\n}\ntrait T { fn c(); }\n");
        let found: Vec<_> = functions(&lexed).into_iter().map(|f| (f.name, f.line, f.length, f.is_test)).collect();
        assert_eq!(found, [("a".to_owned(), 1, 2, false), ("str_1_b".to_owned(), 4, 4, true)]);
    }
}
