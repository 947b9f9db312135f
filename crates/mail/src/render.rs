//! Lays a letter out as HTML and as text, with the same content.

use askama::Template;

use crate::content::{Content, Picture};
use crate::error::MailError;

#[derive(Template)]
#[template(path = "letter.html")]
struct HtmlPart<'a> {
    c: &'a Content,
}

#[derive(Template)]
#[template(path = "letter.txt", escape = "none")]
struct TextPart<'a> {
    c: &'a Content,
}

/// The HTML part.
pub(crate) fn html(content: &Content) -> Result<String, MailError> {
    HtmlPart { c: content }.render().map_err(|cause| MailError::Form(cause.to_string()))
}

/// The text part.
pub(crate) fn text(content: &Content) -> Result<String, MailError> {
    let text = TextPart { c: content }.render().map_err(|cause| MailError::Form(cause.to_string()))?;
    Ok(tidied(&text))
}

/// Blocks are one blank line apart, whatever a template leaves between them.
fn tidied(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && is_blank {
            continue;
        }
        is_blank = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    format!("{}\n", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::tidied;

    #[test]
    fn blocks_are_one_blank_line_apart() {
        assert_eq!(tidied("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }
}
