//! How the values of the floors below stand in columns: words as text, closed values as JSON.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::de::{DeserializeOwned, IntoDeserializer as _};

use crate::domain::time::Timestamp;

/// A value that serde writes as one text: an id, a currency, a state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text: StrDeserializer<'_, WordError> = value.as_str()?.into_deserializer();
        T::deserialize(text)
            .map(Self)
            .map_err(|source| FromSqlError::Other(Box::new(source)))
    }
}

impl<T: Serialize> rusqlite::ToSql for Word<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0) {
            Ok(serde_json::Value::String(text)) => Ok(text.into()),
            Ok(_other) => Err(unwritable("this value is not one word")),
            Err(source) => Err(unwritable(source)),
        }
    }
}

/// A value that is only ever read as a whole.
#[derive(Clone, Copy, Debug)]
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(|source| FromSqlError::Other(Box::new(source)))
    }
}

impl<T: Serialize> rusqlite::ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(ToSqlOutput::from)
            .map_err(unwritable)
    }
}

/// An instant as milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Millis(pub(super) Timestamp);

impl FromSql for Millis {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(|millis| Self(Timestamp::from_millis(millis)))
    }
}

impl rusqlite::ToSql for Millis {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.millis().into())
    }
}

fn unwritable(
    source: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
) -> rusqlite::Error {
    rusqlite::Error::ToSqlConversionFailure(source.into())
}
