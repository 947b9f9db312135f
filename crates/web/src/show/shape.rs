//! Icons, tiles, badges, rings: shapes that stand beside words.

use std::fmt;

use askama::Template;

use crate::assets;
use crate::show::{hue, safe_parts};

/// A drawing of the icon file, beside words or in a button with a name. It says nothing to a screen reader.
#[derive(Clone, Copy, Debug)]
pub struct Icon {
    name: &'static str,
    class: &'static str,
}

/// An icon of normal size.
#[must_use]
pub fn icon(name: &'static str) -> Icon {
    Icon { name, class: "icon" }
}

/// An icon of 14 px.
#[must_use]
pub fn icon_small(name: &'static str) -> Icon {
    Icon { name, class: "icon sm" }
}

impl Icon {
    /// The name in the icon file.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            r##"<svg class="{}" viewBox="0 0 16 16" aria-hidden="true"><use href="{}#{}"/></svg>"##,
            self.class,
            assets::icons(),
            self.name
        )
    }
}

/// The mark of the product.
#[must_use]
pub fn logo() -> Logo {
    Logo
}

/// See [`logo`].
#[derive(Clone, Copy, Debug)]
pub struct Logo;

impl fmt::Display for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            r#"<svg class="logo" viewBox="0 0 24 24" aria-hidden="true"><path class="a" d="M2.5 11.5H8V6h13.5"/><path class="b" d="M2.5 18h12v-5.5h7"/></svg>"#,
        )
    }
}

/// What a colour means. `Plain` has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neutral.
    #[default]
    Plain,
    /// Cobalt: actions, Projects.
    Accent,
    /// Copper: the CRM.
    Crm,
    /// Well.
    Ok,
    /// Needs attention.
    Warn,
    /// Wrong, or refused.
    Danger,
}

impl Tone {
    /// The value of `data-tone`; empty for `Plain`.
    #[must_use]
    pub fn attr(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Accent => "accent",
            Self::Crm => "crm",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Danger => "danger",
        }
    }
}

/// A small label: `<span class="badge">`.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="badge{% if is_line %} line{% endif %}"{% if !tone.attr().is_empty() %} data-tone="{{ tone.attr() }}"{% endif %}>{% if let Some(icon) = icon %}{{ icon }}{% endif %}{{ text }}</span>"#,
    ext = "html"
)]
pub struct Badge {
    text: String,
    tone: Tone,
    icon: Option<Icon>,
    is_line: bool,
}

impl Badge {
    /// A filled badge.
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone, icon: None, is_line: false }
    }

    /// A badge with a line around it and no fill.
    #[must_use]
    pub fn line(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain, icon: None, is_line: true }
    }

    /// The same with an icon before the text.
    #[must_use]
    pub fn with_icon(self, name: &'static str) -> Self {
        Self { icon: Some(icon(name)), ..self }
    }
}

/// The coloured square of a project (its letters) or of a kind of record (an icon).
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="tile{% if !size.is_empty() %} {{ size }}{% endif %}"{% if let Some(hue) = hue %} data-hue="{{ hue }}"{% else %} data-app="{{ app }}"{% endif %} aria-hidden="true">{% if let Some(icon) = icon %}{{ icon }}{% else %}{{ letters }}{% endif %}</span>"#,
    ext = "html"
)]
pub struct Tile {
    letters: String,
    hue: Option<u8>,
    app: &'static str,
    icon: Option<Icon>,
    size: &'static str,
}

impl Tile {
    /// A project's tile: its prefix, coloured by its id.
    #[must_use]
    pub fn project(prefix: &str, id: &str) -> Self {
        Self { letters: prefix.chars().take(2).collect(), hue: Some(hue(id)), app: "", icon: None, size: "" }
    }

    /// A record of the CRM, such as a deal.
    #[must_use]
    pub fn crm(name: &'static str) -> Self {
        Self { letters: String::new(), hue: None, app: "crm", icon: Some(icon(name)), size: "" }
    }

    /// A thing of Projects that is no project.
    #[must_use]
    pub fn projects(name: &'static str) -> Self {
        Self { app: "projects", ..Self::crm(name) }
    }

    /// Something of neither side.
    #[must_use]
    pub fn plain(name: &'static str) -> Self {
        Self { app: "plain", ..Self::crm(name) }
    }

    /// 18 px.
    #[must_use]
    pub fn small(self) -> Self {
        Self { size: "sm", ..self }
    }

    /// 32 px, beside the title of a page.
    #[must_use]
    pub fn large(self) -> Self {
        Self { size: "lg", ..self }
    }

    /// 44 px.
    #[must_use]
    pub fn huge(self) -> Self {
        Self { size: "xl", ..self }
    }
}

/// A name with the icon of the side it is on: `<span class="src" data-app="crm">`.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<span class="src" data-app="{{ app }}">{{ icon }}{{ text }}</span>"#, ext = "html")]
pub struct Source {
    app: &'static str,
    icon: Icon,
    text: String,
}

impl Source {
    /// On the CRM side.
    #[must_use]
    pub fn crm(text: impl Into<String>) -> Self {
        Self { app: "crm", icon: icon("app-crm"), text: text.into() }
    }

    /// On the Projects side.
    #[must_use]
    pub fn projects(text: impl Into<String>) -> Self {
        Self { app: "projects", icon: icon("app-projects"), text: text.into() }
    }
}

/// How much of something is done, as a ring of 16 px. The number stands beside it in words.
#[derive(Clone, Copy, Debug)]
pub struct Ring {
    tenths: u32,
    is_done: bool,
}

/// Length of the circle of radius 5.5, in tenths of a pixel.
const RING_LENGTH_TENTHS: u64 = 346;

impl Ring {
    /// `done` of `all`; nothing to do is an empty ring.
    #[must_use]
    pub fn of(done: u64, all: u64) -> Self {
        let tenths = RING_LENGTH_TENTHS.saturating_mul(done.min(all)).checked_div(all).unwrap_or(0);
        Self { tenths: u32::try_from(tenths).unwrap_or(u32::MAX), is_done: all > 0 && done >= all }
    }
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let class = if self.is_done { "ring done" } else { "ring" };
        write!(
            f,
            r#"<svg class="{class}" viewBox="0 0 16 16" aria-hidden="true"><circle class="track" cx="8" cy="8" r="5.5"/><circle class="value" cx="8" cy="8" r="5.5" stroke-dasharray="{}.{} 34.6"/></svg>"#,
            self.tenths / 10,
            self.tenths % 10
        )
    }
}

safe_parts!(Icon, Logo, Badge, Tile, Source, Ring);

#[cfg(test)]
mod tests {
    use super::{Badge, Ring, Tile, Tone};

    #[test]
    fn text_of_parts_is_escaped() {
        assert_eq!(
            Badge::new("<b>&", Tone::Warn).to_string(),
            r#"<span class="badge" data-tone="warn">&#60;b&#62;&#38;</span>"#
        );
        assert!(Tile::project("DMX", "1").large().to_string().contains(">DM</span>"));
    }

    #[test]
    fn ring_shows_the_part_that_is_done() {
        assert!(Ring::of(0, 0).to_string().contains(r#"stroke-dasharray="0.0 34.6""#));
        assert!(Ring::of(9, 19).to_string().contains(r#"stroke-dasharray="16.3 34.6""#));
        assert!(Ring::of(4, 4).to_string().contains(r#"class="ring done""#));
    }
}
