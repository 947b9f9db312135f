//! A value of one field: as the bridge compares it, and as the side shows it.

use bridge::field::{FieldValue, Shown};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Value {
    pub(crate) value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) native: Option<String>,
}

impl Value {
    pub(crate) fn plain(value: &FieldValue) -> Self {
        Self { value: value.code(), native: None }
    }

    pub(crate) fn shown(shown: &Shown) -> Self {
        Self { value: shown.value.code(), native: shown.native.clone() }
    }
}
