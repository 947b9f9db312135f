//! What fields the modules have. Their descriptions stand as data in `crm_field`; the code knows our own words only.

use std::collections::BTreeMap;

use ports::{CrmModule, RecordKind};
use store::{Read, Sql, StoreError};

/// The kinds of records of the CRM, notes aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Module {
    /// Somebody who may become a customer.
    Lead,
    /// A company.
    Account,
    /// A person.
    Contact,
    /// A sale.
    Deal,
    /// A task.
    Task,
}

impl Module {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Lead, Self::Account, Self::Contact, Self::Deal, Self::Task];

    /// The word of the store: `deal`.
    pub fn code(self) -> &'static str {
        match self.sales() {
            Some(module) => module.code(),
            None => "task",
        }
    }

    /// The word of page addresses and of the command line: `deals`.
    pub fn path(self) -> &'static str {
        match self.sales() {
            Some(module) => module.path(),
            None => "tasks",
        }
    }

    /// Reads [`Module::code`] or [`Module::path`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|module| module.code() == word || module.path() == word)
    }

    /// The kind of sales record; none for a task.
    pub fn sales(self) -> Option<CrmModule> {
        match self {
            Self::Lead => Some(CrmModule::Lead),
            Self::Account => Some(CrmModule::Account),
            Self::Contact => Some(CrmModule::Contact),
            Self::Deal => Some(CrmModule::Deal),
            Self::Task => None,
        }
    }

    /// The kind of change that the bridge hears of.
    pub fn kind(self) -> RecordKind {
        match self.sales() {
            Some(_) => RecordKind::Sales,
            None => RecordKind::Task,
        }
    }

    /// The field that holds the record's name.
    pub fn name_field(self) -> &'static str {
        match self {
            Self::Task => "subject",
            Self::Lead | Self::Account | Self::Contact | Self::Deal => "name",
        }
    }
}

impl From<CrmModule> for Module {
    fn from(module: CrmModule) -> Self {
        match module {
            CrmModule::Lead => Self::Lead,
            CrmModule::Account => Self::Account,
            CrmModule::Contact => Self::Contact,
            CrmModule::Deal => Self::Deal,
        }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line of text.
    Line,
    /// Text of several lines.
    Area,
    /// A mail address.
    Email,
    /// A telephone number, as typed.
    Phone,
    /// An address of the web, as typed.
    Website,
    /// A value of a pick list; programs may write others.
    Choice,
    /// A day.
    Date,
    /// An amount of money.
    Amount,
    /// A whole number.
    Whole,
    /// On or off.
    Flag,
    /// Another record.
    Record,
    /// A user of the organisation.
    Person,
}

impl Kind {
    /// Reads the stored word, which is that of the outside interface.
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "text" => Self::Line,
            "textarea" => Self::Area,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "website" => Self::Website,
            "picklist" => Self::Choice,
            "date" => Self::Date,
            "currency" => Self::Amount,
            "integer" => Self::Whole,
            "boolean" => Self::Flag,
            "lookup" => Self::Record,
            "ownerlookup" => Self::Person,
            _ => return None,
        })
    }
}

/// One field of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Our own word: `closing`.
    pub name: String,
    /// The name on the outside interface.
    pub api_name: String,
    /// What it holds.
    pub kind: Kind,
    /// Characters, for numbers digits, that fit; 0 where the kind decides.
    pub max_length: usize,
    /// Whether it must have a value.
    pub is_required: bool,
    /// Whether the program alone writes it.
    pub is_read_only: bool,
    /// Kinds of records it may name.
    pub target: Vec<Module>,
    /// What a new record gets where nothing is given.
    pub default_value: Option<String>,
    /// Values of the pick list, in order.
    pub choices: Vec<String>,
}

/// The fields of all modules, in the order of their forms.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    by_module: BTreeMap<Module, Vec<Field>>,
}

const STANDARD: Sql = Sql::new(
    "select module, name, api_name, kind, max_length, is_required, is_read_only, target, default_value, choices \
     from crm_field where organisation_id = $1 order by module, position",
);

impl Fields {
    /// Reads the standard fields.
    pub(crate) fn read(read: &mut Read<'_>) -> Result<Self, StoreError> {
        let wrong = |what: &str, text: &str| StoreError::Other(format!("crm_field: {text:?} is no {what}"));
        let mut by_module: BTreeMap<Module, Vec<Field>> = BTreeMap::new();
        for row in read.rows(&STANDARD, &["".into()])? {
            let (module, kind, target, choices) =
                (row.text("module")?, row.text("kind")?, row.text("target")?, row.text("choices")?);
            let field = Field {
                name: row.text("name")?,
                api_name: row.text("api_name")?,
                kind: Kind::parse(&kind).ok_or_else(|| wrong("kind", &kind))?,
                max_length: usize::try_from(row.int("max_length")?).unwrap_or_default(),
                is_required: row.flag("is_required")?,
                is_read_only: row.flag("is_read_only")?,
                target: target.split(',').filter_map(Module::parse).collect(),
                default_value: Some(row.text("default_value")?).filter(|value| !value.is_empty()),
                choices: if choices.is_empty() {
                    Vec::new()
                } else {
                    serde_json::from_str(&choices).map_err(|_| wrong("list", &choices))?
                },
            };
            let module = Module::parse(&module).ok_or_else(|| wrong("module", &module))?;
            by_module.entry(module).or_default().push(field);
        }
        Ok(Self { by_module })
    }

    /// The fields of a module, in the order of its form.
    pub fn of(&self, module: Module) -> &[Field] {
        self.by_module.get(&module).map_or(&[], Vec::as_slice)
    }

    /// A field by our own word.
    pub fn field(&self, module: Module, name: &str) -> Option<&Field> {
        self.of(module).iter().find(|field| field.name == name)
    }

    /// A field by its name on the outside interface.
    pub fn by_api_name(&self, module: Module, api_name: &str) -> Option<&Field> {
        self.of(module).iter().find(|field| field.api_name == api_name)
    }
}
