//! F4: five levels and none in the CRM, three and None in Projects; classes between them.

use crate::field::{FieldValue, PriorityClass};

/// The class of a CRM priority. A value of the customer's own has none (SYNC-4).
pub fn of_crm(native: Option<&str>) -> FieldValue {
    match native {
        None | Some("") => FieldValue::Priority(PriorityClass::None),
        Some("Highest" | "High") => FieldValue::Priority(PriorityClass::High),
        Some("Normal") => FieldValue::Priority(PriorityClass::Medium),
        Some("Low" | "Lowest") => FieldValue::Priority(PriorityClass::Low),
        Some(own) => FieldValue::Unmapped(own.to_owned()),
    }
}

/// The class of a Projects priority.
pub fn of_projects(native: &str) -> FieldValue {
    match native {
        "" | "None" => FieldValue::Priority(PriorityClass::None),
        "High" => FieldValue::Priority(PriorityClass::High),
        "Medium" => FieldValue::Priority(PriorityClass::Medium),
        "Low" => FieldValue::Priority(PriorityClass::Low),
        own => FieldValue::Unmapped(own.to_owned()),
    }
}

/// What the CRM gets for a class.
pub fn to_crm(class: PriorityClass) -> Option<&'static str> {
    match class {
        PriorityClass::High => Some("High"),
        PriorityClass::Medium => Some("Normal"),
        PriorityClass::Low => Some("Low"),
        PriorityClass::None => None,
    }
}

/// What Projects gets for a class.
pub fn to_projects(class: PriorityClass) -> &'static str {
    match class {
        PriorityClass::High => "High",
        PriorityClass::Medium => "Medium",
        PriorityClass::Low => "Low",
        PriorityClass::None => "None",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f4_classes_of_both_sides() {
        for (crm, projects, class) in [
            (Some("Highest"), "High", PriorityClass::High),
            (Some("High"), "High", PriorityClass::High),
            (Some("Normal"), "Medium", PriorityClass::Medium),
            (Some("Low"), "Low", PriorityClass::Low),
            (Some("Lowest"), "Low", PriorityClass::Low),
            (None, "None", PriorityClass::None),
        ] {
            assert_eq!(of_crm(crm), FieldValue::Priority(class), "{crm:?}");
            assert_eq!(of_projects(projects), FieldValue::Priority(class), "{projects}");
            assert_eq!(of_crm(to_crm(class)), FieldValue::Priority(class));
            assert_eq!(of_projects(to_projects(class)), FieldValue::Priority(class));
        }
    }

    #[test]
    fn sync_4_a_value_without_a_class_is_not_guessed() {
        assert_eq!(of_crm(Some("Someday")), FieldValue::Unmapped("Someday".to_owned()));
        assert_eq!(of_projects("Urgent"), FieldValue::Unmapped("Urgent".to_owned()));
    }
}
