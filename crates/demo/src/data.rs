//! The demo data as tables (keys as in the documentation: U1, A1, D4, DM-10, K6 …). Days count from `T`, the day of loading.

pub mod crm;
pub mod people;
pub mod projects;

/// A name in both languages of the demo data.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// English.
    pub en: &'static str,
    /// Simplified Chinese; the English one where there is none.
    pub zh_cn: &'static str,
}

impl Name {
    /// A name that is the same in both languages.
    pub const fn same(name: &'static str) -> Self {
        Self { en: name, zh_cn: name }
    }

    /// A name with a Chinese form.
    pub const fn new(en: &'static str, zh_cn: &'static str) -> Self {
        Self { en, zh_cn }
    }

    /// The name in a language.
    pub fn of(self, language: ports::Language) -> &'static str {
        match language {
            ports::Language::En => self.en,
            ports::Language::ZhCn => self.zh_cn,
        }
    }
}
