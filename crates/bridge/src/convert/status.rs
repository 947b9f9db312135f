//! F5: only closed and open are synced; the native status within a class stays the side's own.

use crate::field::FieldValue;

/// The one closed status of the CRM.
pub const CRM_CLOSED: &str = "Completed";

/// The open status of a CRM task whose earlier one is not known.
pub const CRM_OPEN: &str = "Not Started";

/// The class of a CRM status: every one but "Completed" is open, custom ones too.
pub fn of_crm(native: &str) -> FieldValue {
    FieldValue::Closed(native == CRM_CLOSED)
}

/// The status a CRM task gets. Reopened, it gets the one it had before it was closed, if that is known.
pub fn to_crm(is_closed: bool, before_closing: Option<&str>) -> String {
    if is_closed {
        return CRM_CLOSED.to_owned();
    }
    before_closing.filter(|status| *status != CRM_CLOSED).unwrap_or(CRM_OPEN).to_owned()
}

/// The status a Projects task gets, by name. `known` are the statuses of its layout.
pub fn to_projects(
    is_closed: bool,
    before_closing: Option<&str>,
    known: &[ports::TaskStatus],
    default_open: &str,
    default_closed: &str,
) -> String {
    if is_closed {
        return default_closed.to_owned();
    }
    let still_open = |status: &&str| known.iter().any(|known| known.name == **status && !known.is_closed);
    before_closing.filter(still_open).unwrap_or(default_open).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f5_reopening_takes_the_status_before_closing_if_known() {
        assert_eq!(to_crm(false, Some("Waiting for input")), "Waiting for input");
        assert_eq!(to_crm(false, Some("Completed")), "Not Started");
        assert_eq!(to_crm(false, None), "Not Started");
        assert_eq!(to_crm(true, None), "Completed");
        let known = [
            ports::TaskStatus { name: "Open".into(), is_closed: false },
            ports::TaskStatus { name: "In Review".into(), is_closed: false },
            ports::TaskStatus { name: "Closed".into(), is_closed: true },
        ];
        let status = |is_closed, before| to_projects(is_closed, before, &known, "Open", "Closed");
        assert_eq!(status(false, Some("In Review")), "In Review");
        assert_eq!(status(false, Some("Removed since")), "Open");
        assert_eq!(status(false, None), "Open");
        assert_eq!(status(true, None), "Closed");
    }
}
