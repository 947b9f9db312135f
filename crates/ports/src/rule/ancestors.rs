//! Open tasks under closed ones: never (SUB-1, SUB-2, SUB-4).

use crate::projects::Ancestor;
use crate::reason::Reason;

/// Whether a task may be open below these ancestors (nearest first); the nearest closed one is named (SUB-2).
pub fn check_open_below(ancestors: &[Ancestor]) -> Option<Reason> {
    nearest_closed(ancestors).map(|closed| Reason::ParentClosed {
        parent_id: closed.id.to_string(),
        parent: closed.title.clone(),
        closed_by: closed.closed_by.as_ref().map(ToString::to_string),
    })
}

/// The nearest closed ancestor.
pub fn nearest_closed(ancestors: &[Ancestor]) -> Option<&Ancestor> {
    ancestors.iter().find(|ancestor| ancestor.is_closed)
}

/// Whether a task with so many open descendants may be closed (SUB-4, portal setting `refuse`).
pub fn check_close(open_descendants: u32) -> Option<Reason> {
    (open_descendants > 0).then_some(Reason::OpenSubtasks { count: open_descendants })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ProjectsTaskId;

    fn ancestor(title: &str, is_closed: bool) -> Ancestor {
        Ancestor {
            id: ProjectsTaskId::new(title),
            key: String::new(),
            title: title.to_owned(),
            is_closed,
            closed_by: None,
        }
    }

    #[test]
    fn sub_2_nearest_closed_ancestor_is_named() {
        let cases: [(&[(&str, bool)], Option<&str>); 4] = [
            (&[], None),
            (&[("Build", false), ("Launch", false)], None),
            (&[("Build", false), ("Launch", true)], Some("Launch")),
            (&[("Build", true), ("Launch", true)], Some("Build")),
        ];
        for (chain, named) in cases {
            let chain: Vec<_> = chain.iter().map(|(title, closed)| ancestor(title, *closed)).collect();
            let parent = check_open_below(&chain).map(|reason| match reason {
                Reason::ParentClosed { parent, .. } => parent,
                other => other.code().to_owned(),
            });
            assert_eq!(parent.as_deref(), named);
        }
    }

    #[test]
    fn sub_4_closing_counts_open_descendants() {
        assert_eq!(check_close(0), None);
        assert_eq!(check_close(2), Some(Reason::OpenSubtasks { count: 2 }));
    }
}
