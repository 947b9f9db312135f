//! What a row says of a task: status, priority, due date.

use askama::Template;
use i18n::Words;
use ports::Date;

use crate::show::safe_parts;

/// The drawing of a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusShape {
    /// Not begun.
    Open,
    /// Under way.
    Progress,
    /// Waits for somebody's look.
    Review,
    /// Closed.
    Closed,
}

impl StatusShape {
    /// The shape of a status by its class and name: a closed class is closed, names of work under way and of reviews
    /// have their own.
    #[must_use]
    pub fn of(name: &str, is_closed: bool) -> Self {
        let name = name.to_lowercase();
        if is_closed {
            Self::Closed
        } else if ["review", "test", "审"].iter().any(|part| name.contains(part)) {
            Self::Review
        } else if ["progress", "waiting", "hold", "进行", "等待"].iter().any(|part| name.contains(part)) {
            Self::Progress
        } else {
            Self::Open
        }
    }

    fn attr(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Progress => "progress",
            Self::Review => "review",
            Self::Closed => "closed",
        }
    }
}

/// The small circle before a task's title; `label` is the status's name.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<svg class="st" data-st="{{ shape.attr() }}" viewBox="0 0 16 16" role="img" aria-label="{{ label }}">{% match shape %}{% when StatusShape::Closed %}<circle class="disc" cx="8" cy="8" r="5.6"/><path class="tick" d="m5.7 8.2 1.6 1.6 3-3.3"/>{% when StatusShape::Progress %}<circle cx="8" cy="8" r="5.6"/><path class="pie" d="M8 8V4.6a3.4 3.4 0 0 1 0 6.8z"/>{% when StatusShape::Review %}<circle cx="8" cy="8" r="5.6"/><path class="pie" d="M8 8V4.6A3.4 3.4 0 1 1 4.6 8z"/>{% when StatusShape::Open %}<circle cx="8" cy="8" r="5.6"/>{% endmatch %}</svg>"#,
    ext = "html"
)]
pub struct StatusMark {
    shape: StatusShape,
    label: String,
}

impl StatusMark {
    /// `name` as the side has it, `is_closed` its class.
    #[must_use]
    pub fn new(name: &str, is_closed: bool) -> Self {
        Self { shape: StatusShape::of(name, is_closed), label: name.to_owned() }
    }
}

/// How many bars are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityShape {
    /// No priority.
    None,
    /// Low, Lowest.
    Low,
    /// Medium, Normal.
    Medium,
    /// High, Highest.
    High,
}

impl PriorityShape {
    fn attr(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// Whether the bar (1–3) is only hinted at.
    fn is_off(self, bar: u8) -> bool {
        let filled = match self {
            Self::None => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
        };
        bar > filled
    }
}

/// Three bars and the priority's name.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<span class="who muted"><svg class="prio" data-p="{{ shape.attr() }}" viewBox="0 0 16 16" aria-hidden="true"><rect x="2.5" y="9" width="2.6" height="4.5" rx="1"{% if shape.is_off(1) %} class="off"{% endif %}/><rect x="6.75" y="6" width="2.6" height="7.5" rx="1"{% if shape.is_off(2) %} class="off"{% endif %}/><rect x="11" y="3" width="2.6" height="10.5" rx="1"{% if shape.is_off(3) %} class="off"{% endif %}/></svg>{{ text }}</span>"#,
    ext = "html"
)]
pub struct PriorityMark {
    shape: PriorityShape,
    text: String,
}

impl PriorityMark {
    /// A priority in the words of a side ("High", "Highest", ""), shown in the reader's language; a value that is not
    /// known is shown as it is.
    #[must_use]
    pub fn new(native: &str, w: Words) -> Self {
        let (shape, text) = match native {
            "" | "None" | "none" => (PriorityShape::None, w.priority_none()),
            "Lowest" | "lowest" => (PriorityShape::Low, w.priority_lowest()),
            "Low" | "low" => (PriorityShape::Low, w.priority_low()),
            "Medium" | "medium" => (PriorityShape::Medium, w.priority_medium()),
            "Normal" | "normal" => (PriorityShape::Medium, w.priority_normal()),
            "High" | "high" => (PriorityShape::High, w.priority_high()),
            "Highest" | "highest" => (PriorityShape::High, w.priority_highest()),
            other => (PriorityShape::None, other),
        };
        Self { shape, text: text.to_owned() }
    }

    /// The name alone, for a choice.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A due date; red when it has passed and the task is open.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"{% if let Some((iso, text)) = date %}<span class="due{% if is_late %} late{% endif %}">{{ crate::show::icon("cal") }}<time datetime="{{ iso }}">{{ text }}</time>{% if is_late %}<span class="vh"> · {{ w.due_late() }}</span>{% endif %}</span>{% else %}<span class="faint"><span aria-hidden="true">—</span><span class="vh">{{ w.due_none() }}</span></span>{% endif %}"#,
    ext = "html"
)]
pub struct Due {
    date: Option<(String, String)>,
    is_late: bool,
    w: Words,
}

impl Due {
    /// `today` is the reader's day. An open task is late from the day after its due date.
    #[must_use]
    pub fn new(date: Option<Date>, is_closed: bool, today: Date, w: Words) -> Self {
        let is_late = !is_closed && date.is_some_and(|date| date < today);
        let text = |date: Date| if date == today { w.today().to_owned() } else { w.date(date, today) };
        Self { date: date.map(|date| (date.to_string(), text(date))), is_late, w }
    }
}

safe_parts!(StatusMark, PriorityMark, Due);
