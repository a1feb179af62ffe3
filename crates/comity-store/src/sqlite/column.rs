//! How the words of the domain stand in columns, each in one form, written and read here only.

use std::str::FromStr;

use comity_exchange::ports::{
    Audience, ContactKind, DoubtKind, PouchState, ReleaseState, Reported,
};
use comity_model::statement::{Kind, Outcome};
use comity_model::{
    AgreementId, ContactId, Digest, Folio, Grade, Handle, MatterId, OfficerId, PartyRoot,
    ReleaseId, StandingId, StatementId, Tlp,
};
use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::{Value, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::fault::{Fault, Result, corrupt};

/// A value with one form in a column.
pub(super) trait Column: Sized {
    /// The form in the column.
    fn store(&self) -> Value;
    /// Reads that form; `None` if it is another.
    fn load(value: ValueRef<'_>) -> Option<Self>;
}

/// Reads column `index` of a row.
pub(super) fn get<T: Column>(row: &Row<'_>, index: usize) -> Result<T> {
    T::load(row.get_ref(index)?).ok_or_else(|| unreadable(row, index))
}

/// Names the column that cannot be read.
fn unreadable(row: &Row<'_>, index: usize) -> Fault {
    let statement: &rusqlite::Statement<'_> = row.as_ref();
    corrupt(format!("the column `{}`", statement.column_name(index).unwrap_or("?")))
}

/// A value as JSON text.
pub(super) struct Json<T>(pub(super) T);

impl<T: Serialize> Json<T> {
    /// The text. The types of the domain have string keys and no failing serialisers; a failure would be an empty
    /// text, which is not read back.
    pub(super) fn to_text(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

impl<T: Serialize + DeserializeOwned> Column for Json<T> {
    fn store(&self) -> Value {
        Value::Text(self.to_text())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        serde_json::from_str(value.as_str().ok()?).ok().map(Self)
    }
}

impl<T: Column> Column for Option<T> {
    fn store(&self) -> Value {
        self.as_ref().map_or(Value::Null, Column::store)
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Null => Some(None),
            value => T::load(value).map(Some),
        }
    }
}

/// Numbers of 64 bits without sign keep their bits: a hostile one beyond the signed range is stored, found and read
/// back as itself.
impl Column for u64 {
    fn store(&self) -> Value {
        Value::Integer(self.cast_signed())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok().map(i64::cast_unsigned)
    }
}

impl Column for i64 {
    fn store(&self) -> Value {
        Value::Integer(*self)
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()
    }
}

impl Column for u32 {
    fn store(&self) -> Value {
        Value::Integer(i64::from(*self))
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()?.try_into().ok()
    }
}

impl Column for u8 {
    fn store(&self) -> Value {
        Value::Integer(i64::from(*self))
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()?.try_into().ok()
    }
}

impl Column for bool {
    fn store(&self) -> Value {
        Value::Integer(i64::from(*self))
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        match value.as_i64().ok()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Column for String {
    fn store(&self) -> Value {
        Value::Text(self.clone())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_str().ok().map(ToOwned::to_owned)
    }
}

impl Column for Vec<u8> {
    fn store(&self) -> Value {
        Value::Blob(self.clone())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_blob().ok().map(ToOwned::to_owned)
    }
}

impl<const N: usize> Column for [u8; N] {
    fn store(&self) -> Value {
        Value::Blob(self.to_vec())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_blob().ok()?.try_into().ok()
    }
}

impl Column for Digest {
    fn store(&self) -> Value {
        self.as_bytes().store()
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        Column::load(value).map(Self::from_bytes)
    }
}

impl Column for PartyRoot {
    fn store(&self) -> Value {
        self.digest().store()
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        Digest::load(value).map(Self::new)
    }
}

impl Column for Uuid {
    fn store(&self) -> Value {
        self.as_bytes().store()
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        Column::load(value).map(Self::from_bytes)
    }
}

macro_rules! as_uuid {
    ($($name:ident),+) => {$(
        impl Column for $name {
            fn store(&self) -> Value {
                self.uuid().as_bytes().store()
            }

            fn load(value: ValueRef<'_>) -> Option<Self> {
                Column::load(value).map(|bytes| Self::new(Uuid::from_bytes(bytes)))
            }
        }
    )+};
}

as_uuid!(AgreementId, ContactId, ReleaseId, StandingId, StatementId, OfficerId);

impl Column for Audience {
    fn store(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        let word = value.as_str().ok()?;
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// A contact by the 16 bytes of its UUID, a statement by the 32 of its digest.
impl Column for Reported {
    fn store(&self) -> Value {
        match self {
            Self::Contact(id) => id.store(),
            Self::Statement(digest) => digest.store(),
        }
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        let statement = || Digest::load(value).map(Self::Statement);
        ContactId::load(value).map(Self::Contact).or_else(statement)
    }
}

macro_rules! as_text {
    ($($name:ident),+) => {$(
        impl Column for $name {
            fn store(&self) -> Value {
                Value::Text(self.to_string())
            }

            fn load(value: ValueRef<'_>) -> Option<Self> {
                Self::from_str(value.as_str().ok()?).ok()
            }
        }
    )+};
}

as_text!(Timestamp, Folio, Handle, Grade, MatterId);

impl Column for Tlp {
    fn store(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        value.as_str().ok()?.parse().ok()
    }
}

impl Column for Kind {
    fn store(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }

    fn load(value: ValueRef<'_>) -> Option<Self> {
        Self::from_word(value.as_str().ok()?)
    }
}

macro_rules! as_word {
    ($($name:ident: $($variant:ident),+;)+) => {$(
        impl Column for $name {
            fn store(&self) -> Value {
                Value::Text(self.as_str().to_owned())
            }

            fn load(value: ValueRef<'_>) -> Option<Self> {
                let word = value.as_str().ok()?;
                [$(Self::$variant),+].into_iter().find(|known| known.as_str() == word)
            }
        }
    )+};
}

as_word! {
    ContactKind: Call, Meeting, Letter, Message, Other;
    DoubtKind: Restored, RolledBack, PartnerAhead;
    Outcome: Admitted, Partial, Refused;
    PouchState: Unknown, Received, Held, Consumed, Repeated, Refused;
    ReleaseState: Composed, Approved, Sealed, Delivered, Receipted, Settled, SettledPartial, Refused;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round<T: Column>(value: &T) -> Option<T> {
        T::load(ValueRef::from(&value.store()))
    }

    proptest! {
        #[test]
        fn every_number_and_every_instant_reads_back_as_it_was(number: u64, nanos in -377_705_023_201_i128 * 1_000_000_000..253_402_207_200 * 1_000_000_000) {
            prop_assert_eq!(round(&number), Some(number));
            let at = Timestamp::from_nanosecond(nanos).unwrap();
            prop_assert_eq!(round(&at), Some(at));
        }
    }

    #[test]
    fn a_column_of_another_form_is_not_read() {
        assert_eq!(Digest::load(ValueRef::Blob(&[0; 31])), None);
        assert_eq!(bool::load(ValueRef::Integer(2)), None);
        assert_eq!(u32::load(ValueRef::Integer(-1)), None);
        assert_eq!(ReleaseState::load(ValueRef::Text(b"lost")), None);
        assert_eq!(Tlp::load(ValueRef::Null), None);
        assert_eq!(Option::<Tlp>::load(ValueRef::Null), Some(None));
    }
}
