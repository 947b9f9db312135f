//! Every template with every sample in every language: sound HTML, one headline, names for everything that can be
//! pressed, nothing inline, no English in Chinese.

use std::collections::BTreeSet;

use i18n::{Language, Words};
use scraper::{ElementRef, Html, Selector};
use web::pages::{Sample, samples};

/// Latin words that stand in Chinese pages: names, and what is data.
const LATIN_ALLOWED: [&str; 12] =
    ["Lockstep", "CRM", "Zylker", "English", "MB", "DM", "zylker", "example", "lockstep", "li", "ming", "xtask"];

fn all() -> Vec<(Language, Sample)> {
    let of = |language: Language| samples(Words::new(language)).into_iter().map(move |sample| (language, sample));
    Language::ALL.into_iter().flat_map(of).collect()
}

fn problems(check: impl Fn(&Sample, Language, &Html) -> Vec<String>) {
    let found: Vec<String> = all()
        .into_iter()
        .flat_map(|(language, sample)| {
            let html =
                if sample.is_page { Html::parse_document(&sample.html) } else { Html::parse_fragment(&sample.html) };
            let code = language.code();
            check(&sample, language, &html)
                .into_iter()
                .map(|what| format!("{} ({code}): {what}", sample.name))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn there_are_samples_of_every_template() {
    let rendered: BTreeSet<String> = all()
        .into_iter()
        .filter_map(|(_, sample)| sample.name.rsplit_once(' ').map(|(name, _)| name.to_owned()))
        .collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/pages");
    let mut folders = vec![folder];
    let mut missing = Vec::new();
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Some(name) = path.file_stem().and_then(|name| name.to_str())
                && !rendered.contains(name)
            {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "templates without a sample: {missing:?}");
}

#[test]
fn html_is_balanced() {
    problems(|sample, _, _| unbalanced(&sample.html).into_iter().collect());
}

#[test]
fn pages_have_one_headline_one_main_and_a_language() {
    problems(|sample, language, html| {
        if !sample.is_page {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (what, selector) in [("h1", "h1"), ("main", "main#main"), ("title", "head > title")] {
            let count = select(html, selector).len();
            if count != 1 {
                found.push(format!("{count} × {what}"));
            }
        }
        if html.root_element().value().attr("lang") != Some(language.code()) {
            found.push("lang of html".to_owned());
        }
        found
    });
}

#[test]
fn nothing_is_inline() {
    problems(|_, _, html| {
        let mut found = Vec::new();
        for element in select(html, "*") {
            for (name, _) in element.value().attrs() {
                if name == "style" || name.starts_with("on") {
                    found.push(format!("<{} {name}>", element.value().name()));
                }
            }
        }
        let inline = select(html, "script:not([src]), style").len();
        found.extend((inline > 0).then(|| format!("{inline} inline scripts or styles")));
        found
    });
}

#[test]
fn ids_are_unique_and_references_lead_somewhere() {
    problems(|sample, _, html| {
        let mut found = Vec::new();
        let mut ids = BTreeSet::new();
        for element in select(html, "[id]") {
            let id = element.value().attr("id").unwrap_or_default();
            if !ids.insert(id) {
                found.push(format!("id {id} twice"));
            }
        }
        for name in ["for", "aria-labelledby", "aria-describedby", "popovertarget", "form"] {
            for element in select(html, &format!("[{name}]")) {
                for id in element.value().attr(name).unwrap_or_default().split_whitespace() {
                    if !ids.contains(id) && sample.is_page {
                        found.push(format!("{name}={id} leads nowhere"));
                    }
                }
            }
        }
        found
    });
}

#[test]
fn everything_that_can_be_pressed_has_a_name_and_a_place_to_go() {
    problems(|_, _, html| {
        let mut found = Vec::new();
        for element in select(html, "a, button, summary, input:not([type=hidden]), select, textarea") {
            let value = element.value();
            let is_labelled = value.attr("aria-label").is_some() || value.attr("aria-labelledby").is_some();
            let in_label = element.ancestors().filter_map(ElementRef::wrap).any(|own| own.value().name() == "label");
            let by_label = value.attr("id").is_some_and(|id| !select(html, &format!("label[for='{id}']")).is_empty());
            let is_control = matches!(value.name(), "input" | "select" | "textarea");
            let has_name = is_labelled || in_label || by_label || (!is_control && !text(element).is_empty());
            if !has_name {
                found.push(format!("without a name: {}", element.html()));
            }
            if value.name() == "a" && matches!(value.attr("href"), None | Some("" | "#")) {
                found.push(format!("leads nowhere: {}", element.html()));
            }
            let does_nothing = value.name() == "button"
                && value.attr("type") == Some("button")
                && !value
                    .attrs()
                    .any(|(name, _)| name.starts_with("data-") || name.starts_with("hx-") || name == "popovertarget");
            if does_nothing {
                found.push(format!("does nothing: {}", element.html()));
            }
        }
        for form in select(html, "form[method=post]") {
            let is_guest = form.value().attr("action").is_some_and(|action| {
                ["/sign-in", "/language", "/start", "/invitation"].iter().any(|own| action.starts_with(own))
            });
            let has_token = form.select(&Selector::parse("input[name=csrf]").unwrap()).next().is_some();
            if !is_guest && !has_token {
                found.push(format!("a form without a token: {:?}", form.value().attr("action")));
            }
        }
        found
    });
}

#[test]
fn chinese_pages_have_no_english() {
    problems(|sample, language, html| {
        if language != Language::ZhCn {
            return Vec::new();
        }
        let root = html.root_element();
        let hidden: BTreeSet<_> = select(html, "code, noscript, script, [lang=en], time, .meta, .key")
            .into_iter()
            .map(|own| own.id())
            .collect();
        let mut found = BTreeSet::new();
        for node in root.descendants() {
            let Some(words) = node.value().as_text() else { continue };
            if node.ancestors().any(|own| hidden.contains(&own.id())) {
                continue;
            }
            let texts = words.split_whitespace().filter(|text| !text.contains('@'));
            let latin = texts.flat_map(|text| text.split(|letter: char| !letter.is_ascii_alphabetic()));
            for word in latin.filter(|word| word.len() > 2) {
                let is_code = word.len() == 3 && word.bytes().all(|letter| letter.is_ascii_uppercase());
                if !is_code && !LATIN_ALLOWED.contains(&word) && !sample_words(sample).contains(&word) {
                    found.insert(format!("“{word}” in “{}”", words.trim()));
                }
            }
        }
        found.into_iter().collect()
    });
}

/// Words that only the data of one area's samples have.
fn sample_words(_sample: &Sample) -> &'static [&'static str] {
    &["project", "com", "org", "USD", "EUR"]
}

/// Elements that end by themselves.
const VOID: [&str; 8] = ["meta", "link", "input", "br", "hr", "img", "wbr", "source"];

/// The first tag that does not match, by a reader much stricter than a browser.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (_, from) = rest.split_at(at + 1);
        let end = tag_end(from)?;
        let (tag, after) = from.split_at(end);
        rest = after.strip_prefix('>').unwrap_or(after);
        if tag.starts_with('!') {
            continue;
        }
        let name: String =
            tag.trim_start_matches('/').chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect();
        if name.is_empty() {
            return Some(format!("a lone < before “{tag}”"));
        }
        if tag.starts_with('/') {
            match open.pop() {
                Some(last) if last == name => {}
                last => return Some(format!("</{name}> closes {last:?}")),
            }
        } else if !tag.ends_with('/') && !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    open.last().map(|name| format!("<{name}> is never closed"))
}

/// Where the tag ends; a `>` inside quotes does not end it.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"') => quote = Some('"'),
            (Some('"'), '"') => quote = None,
            (None, '>') => return Some(at),
            _ => {}
        }
    }
    None
}
