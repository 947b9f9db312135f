//! Create marks: a creation repeated with the same mark finds what the first one made.

use ports::{CreateMark, Moment, PortalId};
use store::{Read, Row, Sql, StoreError, Tx};

use crate::column;

/// What was made with a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) kind: Kind,
    pub(crate) record: String,
    /// The project that a user was added to; empty for other kinds.
    pub(crate) project: String,
    /// Whether the user's row was made with the mark.
    pub(crate) is_user_made: bool,
    /// Whether the membership was made with the mark.
    pub(crate) is_member_made: bool,
}

/// What kind of record a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Task,
    Comment,
    Project,
    Company,
    User,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Comment => "comment",
            Self::Project => "project",
            Self::Company => "company",
            Self::User => "user",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Task, Self::Comment, Self::Project, Self::Company, Self::User]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

impl Made {
    pub(crate) fn record(kind: Kind, record: &str) -> Self {
        Self { kind, record: record.to_owned(), project: String::new(), is_user_made: false, is_member_made: false }
    }
}

const FIND: Sql = Sql::hot(
    "select kind, record_id, project_id, is_user_made, is_member_made from projects_mark \
     where portal_id = $1 and mark = $2",
);
const TAKE: Sql = Sql::hot(
    "insert into projects_mark (portal_id, mark, kind, record_id, project_id, is_user_made, is_member_made, \
     created_by, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
);
const NOTE: Sql = Sql::new(
    "update projects_mark set record_id = $3, project_id = $4, is_user_made = $5, is_member_made = $6 \
     where portal_id = $1 and mark = $2",
);
const DROP: Sql = Sql::new("delete from projects_mark where portal_id = $1 and mark = $2");

pub(crate) fn find(read: &mut Read<'_>, portal: &PortalId, mark: &CreateMark) -> Result<Option<Made>, StoreError> {
    read.row(&FIND, &[portal.as_str().into(), mark.as_str().into()])?.as_ref().map(of_row).transpose()
}

/// Takes a mark for something about to be made, or answers what was made with it before.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    portal: &PortalId,
    mark: &CreateMark,
    made: &Made,
    by: &str,
    now: Moment,
) -> Result<Option<Made>, StoreError> {
    let binds = [
        portal.as_str().into(),
        mark.as_str().into(),
        made.kind.code().into(),
        made.record.as_str().into(),
        made.project.as_str().into(),
        made.is_user_made.into(),
        made.is_member_made.into(),
        by.into(),
        now.ms().into(),
    ];
    if tx.execute(&TAKE, &binds)? == 1 { Ok(None) } else { find(tx, portal, mark) }
}

/// Writes down what became of a mark that was taken.
pub(crate) fn note(tx: &mut Tx<'_>, portal: &PortalId, mark: &CreateMark, made: &Made) -> Result<(), StoreError> {
    let binds = [
        portal.as_str().into(),
        mark.as_str().into(),
        made.record.as_str().into(),
        made.project.as_str().into(),
        made.is_user_made.into(),
        made.is_member_made.into(),
    ];
    tx.execute(&NOTE, &binds).map(|_| ())
}

/// Frees a mark whose work was taken back.
pub(crate) fn free(tx: &mut Tx<'_>, portal: &PortalId, mark: &CreateMark) -> Result<(), StoreError> {
    tx.execute(&DROP, &[portal.as_str().into(), mark.as_str().into()]).map(|_| ())
}

fn of_row(row: &Row) -> Result<Made, StoreError> {
    let kind = row.text("kind")?;
    Ok(Made {
        kind: Kind::parse(&kind).ok_or_else(|| column::unknown_word("kind", &kind))?,
        record: row.text("record_id")?,
        project: row.text("project_id")?,
        is_user_made: row.flag("is_user_made")?,
        is_member_made: row.flag("is_member_made")?,
    })
}
