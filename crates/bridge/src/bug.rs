//! Seeded bugs: what the engine does wrongly on purpose, so that the simulator shows what it can find (A8.11).
//!
//! They work only with the feature `seeded-bugs`, which no product turns on.

/// A mistake that can be switched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// A target equal to an open intent of ours is taken for a person's edit.
    EchoTakenForEdit,
    /// A worker whose lease was lost settles all the same.
    FenceNotChecked,
    /// A dirty row leaves the queue though it was marked again meanwhile.
    GenerationNotChecked,
    /// Agreed values move before the other side has answered.
    AgreedMovedEarly,
    /// A write whose answer was lost is sent again without reading.
    BlindRepeat,
    /// A refused value is stored only after it was overwritten.
    RefusalStoredLate,
    /// The cursor moves before the marks are stored.
    CursorBeforeMarks,
    /// A record that is only missing counts as deleted.
    MissingIsDeleted,
    /// A comment is copied under a new mark every time.
    CommentWithoutMark,
    /// A refused value is tried again and again.
    RefusalForgotten,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::EchoTakenForEdit,
        Self::FenceNotChecked,
        Self::GenerationNotChecked,
        Self::AgreedMovedEarly,
        Self::BlindRepeat,
        Self::RefusalStoredLate,
        Self::CursorBeforeMarks,
        Self::MissingIsDeleted,
        Self::CommentWithoutMark,
        Self::RefusalForgotten,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::EchoTakenForEdit => "echo-taken-for-edit",
            Self::FenceNotChecked => "fence-not-checked",
            Self::GenerationNotChecked => "generation-not-checked",
            Self::AgreedMovedEarly => "agreed-moved-early",
            Self::BlindRepeat => "blind-repeat",
            Self::RefusalStoredLate => "refusal-stored-late",
            Self::CursorBeforeMarks => "cursor-before-marks",
            Self::MissingIsDeleted => "missing-is-deleted",
            Self::CommentWithoutMark => "comment-without-mark",
            Self::RefusalForgotten => "refusal-forgotten",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bug| bug.name() == name)
    }
}
