//! A deal: a sale that is open, won or lost.

use ports::{Date, DealId};

use super::{Named, Record};
use crate::field::Module;
use crate::value::Amount;

/// What a stage means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StageClass {
    /// Not decided.
    Open,
    /// Sold.
    Won,
    /// Not sold.
    Lost,
}

/// The stage in which a deal is won.
pub const WON: &str = "Closed Won";
/// The stages in which a deal is lost.
pub const LOST: [&str; 2] = ["Closed Lost", "Closed Lost to Competition"];

impl StageClass {
    /// The class of a stage; every other stage than the closed ones is open.
    pub fn of(stage: &str) -> Self {
        if stage == WON {
            Self::Won
        } else if LOST.contains(&stage) {
            Self::Lost
        } else {
            Self::Open
        }
    }

    /// The stored word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }
}

/// A deal as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    /// Its id.
    pub id: DealId,
    /// Its name.
    pub name: String,
    /// Its account.
    pub account: Option<Named>,
    /// Its contact.
    pub contact: Option<Named>,
    /// Its stage.
    pub stage: String,
    /// What the stage means.
    pub class: StageClass,
    /// Its amount.
    pub amount: Option<Amount>,
    /// Its closing date.
    pub closing: Option<Date>,
    /// Everything about it.
    pub record: Record,
}

impl Deal {
    /// The deal that a record is; none if it is something else.
    pub fn of(record: Record) -> Option<Self> {
        (record.module == Module::Deal).then(|| Self {
            id: DealId::new(record.id.as_str()),
            name: record.name().to_owned(),
            account: record.named("account").cloned(),
            contact: record.named("contact").cloned(),
            stage: record.text("stage").to_owned(),
            class: StageClass::of(record.text("stage")),
            amount: record.values.amount("amount"),
            closing: record.values.date("closing"),
            record,
        })
    }
}
