//! A letter in one language, ready to be laid out: by the mail templates, or by the page that shows it.

use ports::{Language, LinkId};

use crate::letter::LetterCode;

/// Begin and end of a bold stretch inside a [`Line`]: code points that stand for nothing else.
const BOLD: char = '\u{e000}';
const PLAIN: char = '\u{e001}';

/// A line of text with bold stretches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// A line as the message gave it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The stretches in order, each with whether it is bold.
    pub fn stretches(&self) -> Vec<(String, bool)> {
        let mut stretches = Vec::new();
        for (at, part) in self.0.split(BOLD).enumerate() {
            let (bold, rest) = if at == 0 { ("", part) } else { part.split_once(PLAIN).unwrap_or((part, "")) };
            for (text, is_bold) in [(bold, true), (rest, false)] {
                if !text.is_empty() {
                    stretches.push((text.to_owned(), is_bold));
                }
            }
        }
        stretches
    }

    /// The words alone.
    pub fn text(&self) -> String {
        self.0.replace([BOLD, PLAIN], "")
    }
}

/// A name for the slot of a message, bold where the line is laid out.
pub(crate) fn bold(name: &str) -> String {
    format!("{BOLD}{}{PLAIN}", name.replace([BOLD, PLAIN], ""))
}

/// How a value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Not taken.
    Bad,
    /// Taken.
    Good,
    /// Beside the point.
    Faint,
}

impl Tone {
    /// The class of the templates and the word of pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Plain => "v",
            Self::Bad => "bad",
            Self::Good => "okc",
            Self::Faint => "f",
        }
    }

    /// How heavy it is written in a table of facts.
    pub fn weight(self) -> u32 {
        match self {
            Self::Bad => 600,
            Self::Plain | Self::Good | Self::Faint => 400,
        }
    }

    /// The colour in light mode, as mail programs take no style sheet.
    pub fn colour(self) -> &'static str {
        match self {
            Self::Plain => "#1d1f26",
            Self::Bad => "#a5102f",
            Self::Good => "#1a6b46",
            Self::Faint => "#62656f",
        }
    }
}

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The name.
    pub label: String,
    /// The value.
    pub value: Line,
    /// How it is meant.
    pub tone: Tone,
}

/// One cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The text.
    pub text: Line,
    /// How it is meant.
    pub tone: Tone,
    /// Where it leads.
    pub href: Option<String>,
}

/// A table with its heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Above the table; empty: none.
    pub heading: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// A link that stands out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What happens.
    pub label: String,
    /// More about it; empty: nothing.
    pub hint: String,
    /// The full address.
    pub href: String,
}

/// A day outside a strict project, drawn to scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The drawing in words.
    pub label: String,
    /// Name of the project.
    pub project: String,
    /// Whether the day lies after the end, not before the start.
    pub is_after: bool,
    /// Share of the width that the project takes.
    pub inside_percent: u32,
    /// Share of the width that lies outside.
    pub outside_percent: u32,
    /// First day of the project.
    pub start: String,
    /// Last day of the project.
    pub end: String,
    /// The day asked for.
    pub tried: String,
    /// How far outside.
    pub gap: String,
    /// What is said of the day at the edge.
    pub edge: String,
}

/// One task of the tree above a task that was to be reopened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeRow {
    /// How deep it stands.
    pub indent_px: u32,
    /// Its title.
    pub title: String,
    /// The state it has.
    pub state: String,
    /// The state asked for; empty: none.
    pub asked: String,
}

/// A number with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// The number, in the form of the language.
    pub number: String,
    /// What it counts.
    pub label: String,
}

/// What a letter shows instead of many words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// M1.
    Schedule(Schedule),
    /// M2.
    Tree {
        /// The drawing in words.
        label: String,
        /// From the top down.
        rows: Vec<TreeRow>,
    },
    /// M4.
    Counts(Vec<Count>),
}

/// A letter in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Which letter.
    pub code: LetterCode,
    /// Its language.
    pub language: Language,
    /// The name in the head.
    pub house: String,
    /// The subject.
    pub subject: String,
    /// The first words in a list of mails.
    pub preview: String,
    /// The headline.
    pub headline: String,
    /// What is to be said.
    pub paragraphs: Vec<Line>,
    /// What is drawn.
    pub picture: Option<Picture>,
    /// What is known.
    pub facts: Vec<Fact>,
    /// Tables.
    pub sections: Vec<Section>,
    /// The link that stands out.
    pub action: Option<Action>,
    /// A small remark below it; empty: none.
    pub note: String,
    /// A plain link; its hint is not used.
    pub link: Option<Action>,
    /// Why the person gets the letter, and from where.
    pub footer: Vec<String>,
    /// The link that it is about, for lists.
    pub about: Option<LinkId>,
}

impl Content {
    /// Between a name and its value in plain text.
    pub fn colon(&self) -> &'static str {
        match self.language {
            Language::En => ": ",
            Language::ZhCn => "：",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_bold_inside_a_sentence() {
        let line = Line::new(format!("You set {} to 6 Jul.", bold("a <b> \u{e001}c")));
        assert_eq!(line.text(), "You set a <b> c to 6 Jul.");
        let stretches = [("You set ", false), ("a <b> c", true), (" to 6 Jul.", false)];
        assert_eq!(line.stretches(), stretches.map(|(text, is_bold)| (text.to_owned(), is_bold)));
        assert_eq!(Line::new("").stretches(), Vec::new());
    }
}
