//! One wrong member or parameter of a request.

use i18n::Words;
use serde::Serialize;

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// JSON Pointer into the body, `?name` for a parameter, the name for a header.
    pub(crate) pointer: String,
    pub(crate) code: FaultCode,
}

/// What can be wrong with one member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultCode {
    Unknown,
    Required,
    Repeated,
    WrongType(String),
    NotOffered,
    Malformed,
    TooLong(usize),
    TooShort(usize),
    TooMany(usize),
    TooFew(usize),
    OutOfRange(String),
    NotUnique,
    NotJson { line: usize, column: usize },
    Expired,
    OtherList,
    NotAUser,
    EndBeforeStart,
}

/// As it stands in a problem.
#[derive(Serialize)]
pub(crate) struct FaultDocument {
    pointer: String,
    code: &'static str,
    detail: String,
}

impl Fault {
    pub(crate) fn new(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self { pointer: pointer.into(), code }
    }

    pub(crate) fn document(&self, w: Words) -> FaultDocument {
        FaultDocument { pointer: self.pointer.clone(), code: self.code.code(), detail: self.code.text(w) }
    }
}

impl FaultCode {
    /// The fault that a service names; what it does not know is malformed.
    pub(crate) fn of_service(code: &str) -> Self {
        match code {
            "required" => Self::Required,
            "not_offered" => Self::NotOffered,
            "unknown" => Self::Unknown,
            "not_a_user" => Self::NotAUser,
            "end_before_start" => Self::EndBeforeStart,
            _ => Self::Malformed,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Required => "required",
            Self::Repeated => "repeated",
            Self::WrongType(_) => "wrong_type",
            Self::NotOffered => "not_offered",
            Self::Malformed => "malformed",
            Self::TooLong(_) => "too_long",
            Self::TooShort(_) => "too_short",
            Self::TooMany(_) => "too_many",
            Self::TooFew(_) => "too_few",
            Self::OutOfRange(_) => "out_of_range",
            Self::NotUnique => "not_unique",
            Self::NotJson { .. } => "not_json",
            Self::Expired => "expired",
            Self::OtherList => "other_list",
            Self::NotAUser => "not_a_user",
            Self::EndBeforeStart => "end_before_start",
        }
    }

    fn text(&self, w: Words) -> String {
        match self {
            Self::Unknown => w.api_fault_unknown().to_owned(),
            Self::Required => w.api_fault_required().to_owned(),
            Self::Repeated => w.api_fault_repeated().to_owned(),
            Self::WrongType(expected) => w.api_fault_wrong_type(expected),
            Self::NotOffered => w.api_fault_not_offered().to_owned(),
            Self::Malformed => w.api_fault_malformed().to_owned(),
            Self::TooLong(max) => w.api_fault_too_long(max),
            Self::TooShort(min) => w.api_fault_too_short(min),
            Self::TooMany(max) => w.api_fault_too_many(max),
            Self::TooFew(min) => w.api_fault_too_few(min),
            Self::OutOfRange(range) => w.api_fault_out_of_range(range),
            Self::NotUnique => w.api_fault_not_unique().to_owned(),
            Self::NotJson { line, column } => w.api_fault_not_json(column, line),
            Self::Expired => w.api_fault_expired().to_owned(),
            Self::OtherList => w.api_fault_other_list().to_owned(),
            Self::NotAUser => w.api_fault_not_a_user().to_owned(),
            Self::EndBeforeStart => w.api_fault_end_before_start().to_owned(),
        }
    }
}
