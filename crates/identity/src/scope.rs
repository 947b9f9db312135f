//! What a token covers: `Lockstep.<area>.<OPERATION>`, a list separated by commas or blanks, letter case ignored.

/// The areas of the bridge's own API.
pub const AREAS: [&str; 15] = [
    "status",
    "settings",
    "connections",
    "rules",
    "mappings",
    "handoffs",
    "links",
    "refusals",
    "history",
    "imports",
    "jobs",
    "fields",
    "events",
    "mails",
    "audit",
];

const SERVICE: &str = "Lockstep";

/// What a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// It only reads.
    Read,
    /// It makes something.
    Create,
    /// It changes something.
    Update,
    /// It removes something.
    Delete,
}

/// What one scope grants in its area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    All,
    /// Create, update and delete.
    Write,
    One(Operation),
}

/// The scopes of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(Vec<(&'static str, Grant)>);

impl Scopes {
    /// Everything.
    pub fn all() -> Self {
        Self(AREAS.iter().map(|area| (*area, Grant::All)).collect())
    }

    /// Reads a list. The error is the first scope that is none of ours; an empty list is an error too.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words = text.split([',', ' ', '\n', '\t']).filter(|word| !word.is_empty());
        let scopes = words.map(|word| scope(word).ok_or_else(|| word.to_owned())).collect::<Result<Vec<_>, _>>()?;
        if scopes.is_empty() { Err(text.to_owned()) } else { Ok(Self(scopes)) }
    }

    /// Whether a call in `area` (in small letters) is covered.
    pub fn allows(&self, area: &str, operation: Operation) -> bool {
        self.0.iter().filter(|(of, _)| *of == area).any(|(_, grant)| match grant {
            Grant::All => true,
            Grant::Write => operation != Operation::Read,
            Grant::One(one) => *one == operation,
        })
    }

    /// Each scope by itself, as the API names it.
    pub fn words(&self) -> Vec<String> {
        self.0.iter().map(|(area, grant)| format!("{SERVICE}.{area}.{}", word(*grant))).collect()
    }

    /// The list as it is kept and as the token endpoint answers it: separated by blanks.
    pub fn text(&self) -> String {
        self.words().join(" ")
    }
}

const GRANTS: [Grant; 6] = [
    Grant::All,
    Grant::Write,
    Grant::One(Operation::Read),
    Grant::One(Operation::Create),
    Grant::One(Operation::Update),
    Grant::One(Operation::Delete),
];

fn word(grant: Grant) -> &'static str {
    match grant {
        Grant::All => "ALL",
        Grant::Write => "WRITE",
        Grant::One(Operation::Read) => "READ",
        Grant::One(Operation::Create) => "CREATE",
        Grant::One(Operation::Update) => "UPDATE",
        Grant::One(Operation::Delete) => "DELETE",
    }
}

fn scope(text: &str) -> Option<(&'static str, Grant)> {
    let mut parts = text.split('.');
    let (service, area, grant) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !service.eq_ignore_ascii_case(SERVICE) {
        return None;
    }
    let area = AREAS.into_iter().find(|known| known.eq_ignore_ascii_case(area))?;
    let grant = GRANTS.into_iter().find(|known| word(*known).eq_ignore_ascii_case(grant))?;
    Some((area, grant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_and_write_include_the_narrower_and_letter_case_is_ignored() {
        let scopes = Scopes::parse("lockstep.LINKS.all, Lockstep.jobs.write Lockstep.mails.READ").unwrap();
        for (area, operation, is_covered) in [
            ("links", Operation::Read, true),
            ("links", Operation::Delete, true),
            ("jobs", Operation::Read, false),
            ("jobs", Operation::Create, true),
            ("jobs", Operation::Update, true),
            ("jobs", Operation::Delete, true),
            ("mails", Operation::Read, true),
            ("mails", Operation::Update, false),
            ("history", Operation::Read, false),
        ] {
            assert_eq!(scopes.allows(area, operation), is_covered, "{area} {operation:?}");
        }
        assert_eq!(scopes.text(), "Lockstep.links.ALL Lockstep.jobs.WRITE Lockstep.mails.READ");
        assert_eq!(Scopes::parse(&Scopes::all().text()), Ok(Scopes::all()));
    }

    #[test]
    fn what_is_no_scope_is_named() {
        for text in ["", "Lockstep.links", "Lockstep.nothing.READ", "Lockstep.links.READ.x", "ZohoCRM.modules.ALL"] {
            assert_eq!(Scopes::parse(text), Err(text.to_owned()));
        }
        assert_eq!(Scopes::parse("Lockstep.links.READ,Lockstep.links.EAT"), Err("Lockstep.links.EAT".to_owned()));
    }
}
