//! Values going in and rows coming out.

use std::sync::Arc;

use crate::StoreError;

/// A value for a placeholder. Typed even when empty: PostgreSQL wants the type of a null.
#[derive(Clone, Debug, PartialEq)]
pub enum Bind {
    /// For text columns.
    Text(Option<String>),
    /// For bigint columns; flags are 0 and 1.
    Int(Option<i64>),
    /// For double precision columns.
    Real(Option<f64>),
    /// For bytea columns.
    Bytes(Option<Vec<u8>>),
}

impl From<&str> for Bind {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Bind {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<&String> for Bind {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

impl From<Option<&str>> for Bind {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Option<String>> for Bind {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<&String>> for Bind {
    fn from(value: Option<&String>) -> Self {
        Self::Text(value.cloned())
    }
}

impl From<&Option<String>> for Bind {
    fn from(value: &Option<String>) -> Self {
        Self::Text(value.clone())
    }
}

impl From<i64> for Bind {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<i32> for Bind {
    fn from(value: i32) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<u32> for Bind {
    fn from(value: u32) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<Option<i64>> for Bind {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Bind {
    fn from(value: bool) -> Self {
        Self::Int(Some(i64::from(value)))
    }
}

impl From<Option<bool>> for Bind {
    fn from(value: Option<bool>) -> Self {
        Self::Int(value.map(i64::from))
    }
}

impl From<f64> for Bind {
    fn from(value: f64) -> Self {
        Self::Real(Some(value))
    }
}

impl From<Option<f64>> for Bind {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

impl From<Vec<u8>> for Bind {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl From<&[u8]> for Bind {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

impl From<Option<Vec<u8>>> for Bind {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}

/// One value of a row, the same for both engines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Value {
    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// One row of an answer; it owns its values. Columns are asked for by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// Text that is there.
    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        self.text_or_null(column)?.ok_or_else(|| self.is_null(column))
    }

    /// Text or nothing.
    pub fn text_or_null(&self, column: &str) -> Result<Option<String>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text.clone())),
            other => Err(wrong(column, "text", other)),
        }
    }

    /// An integer that is there, of any width the engine gives.
    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        self.int_or_null(column)?.ok_or_else(|| self.is_null(column))
    }

    /// An integer or nothing.
    pub fn int_or_null(&self, column: &str) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(number) => Ok(Some(*number)),
            other => Err(wrong(column, "an integer", other)),
        }
    }

    /// A flag kept as 0 or 1.
    pub fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A flag kept as 0 or 1, or nothing.
    pub fn flag_or_null(&self, column: &str) -> Result<Option<bool>, StoreError> {
        Ok(self.int_or_null(column)?.map(|number| number != 0))
    }

    /// A real number that is there.
    pub fn real(&self, column: &str) -> Result<f64, StoreError> {
        self.real_or_null(column)?.ok_or_else(|| self.is_null(column))
    }

    /// A real number or nothing.
    pub fn real_or_null(&self, column: &str) -> Result<Option<f64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Real(number) => Ok(Some(*number)),
            other => Err(wrong(column, "a real number", other)),
        }
    }

    /// Bytes that are there.
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, StoreError> {
        self.bytes_or_null(column)?.ok_or_else(|| self.is_null(column))
    }

    /// Bytes or nothing.
    pub fn bytes_or_null(&self, column: &str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Bytes(bytes) => Ok(Some(bytes.clone())),
            other => Err(wrong(column, "bytes", other)),
        }
    }

    fn value(&self, column: &str) -> Result<&Value, StoreError> {
        self.columns
            .iter()
            .position(|name| name == column)
            .and_then(|at| self.values.get(at))
            .ok_or_else(|| StoreError::Other(format!("the answer has no column {column}")))
    }

    fn is_null(&self, column: &str) -> StoreError {
        StoreError::Other(format!("column {column} is null"))
    }
}

fn wrong(column: &str, wanted: &str, found: &Value) -> StoreError {
    StoreError::Other(format!("column {column} holds {}, not {wanted}", found.kind()))
}
