//! One transaction, as the code of the named transactions sees it.

use std::cell::RefCell;

use comity_model::Entropy;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Params, Row};

use super::column::{Column, get};
use super::fault::Result;

/// A transaction that may write. It derefs to the read half.
pub(super) struct Tx<'a> {
    /// The read half.
    pub(super) read: Read<'a>,
    /// Randomness, for the journal's salts.
    pub(super) entropy: &'a dyn Entropy,
}

/// A transaction that reads one state of the database.
pub(super) struct Read<'a> {
    connection: &'a Connection,
    /// Statements that were used in this transaction, each with its text: the same few are used for every object of a batch, and to
    /// give them back to the connection after each costs as much as a small one of them does.
    used: RefCell<Vec<(String, CachedStatement<'a>)>>,
}

/// Statements that a transaction keeps at hand, at the most.
const AT_HAND: usize = 24;

impl<'a> Read<'a> {
    pub(super) const fn new(connection: &'a Connection) -> Self {
        Self { connection, used: RefCell::new(Vec::new()) }
    }

    /// Uses a statement. While it is used it is at nobody's hand, so that one that asks in between gets another.
    fn with<T>(
        &self,
        sql: &str,
        work: impl FnOnce(&mut CachedStatement<'a>) -> Result<T>,
    ) -> Result<T> {
        let (text, mut statement) = match self.at_hand(sql) {
            Some(known) => known,
            None => (sql.to_owned(), self.connection.prepare_cached(sql)?),
        };
        let result = work(&mut statement);
        if let Ok(mut used) = self.used.try_borrow_mut() {
            if used.len() == AT_HAND {
                // the one that was not used for longest
                used.remove(0);
            }
            used.push((text, statement));
        }
        result
    }

    fn at_hand(&self, sql: &str) -> Option<(String, CachedStatement<'a>)> {
        let mut used = self.used.try_borrow_mut().ok()?;
        let place = used.iter().rposition(|(text, _)| text == sql)?;
        Some(used.remove(place))
    }

    /// Every row of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.with(sql, |statement| {
            let mut rows = statement.query(params)?;
            let mut out = Vec::new();
            while let Some(row) = rows.next()? {
                out.push(map(row)?);
            }
            Ok(out)
        })
    }

    /// Row after row of a query, as long as `take` says that it wants another.
    pub(super) fn each(
        &self,
        sql: &str,
        params: impl Params,
        mut take: impl FnMut(&Row<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.with(sql, |statement| {
            let mut rows = statement.query(params)?;
            while let Some(row) = rows.next()? {
                if !take(row)? {
                    break;
                }
            }
            Ok(())
        })
    }

    /// The first row of a query, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.with(sql, |statement| {
            let mut rows = statement.query(params)?;
            rows.next()?.map(map).transpose()
        })
    }

    /// The only column of the first row of a query, if there is one.
    pub(super) fn value<T: Column>(&self, sql: &str, params: impl Params) -> Result<Option<T>> {
        self.first(sql, params, |row| get(row, 0))
    }

    /// Whether a query has a row.
    pub(super) fn any(&self, sql: &str, params: impl Params) -> Result<bool> {
        self.with(sql, |statement| Ok(statement.exists(params)?))
    }
}

impl<'a> std::ops::Deref for Tx<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Self::Target {
        &self.read
    }
}

impl Tx<'_> {
    /// Changes rows and says how many.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.read.with(sql, |statement| Ok(statement.execute(params)?))
    }

    /// Inserts a row and gives its number.
    pub(super) fn insert(&self, sql: &str, params: impl Params) -> Result<i64> {
        self.read.with(sql, |statement| Ok(statement.insert(params)?))
    }

    /// The number of the row inserted last.
    pub(super) fn last_row(&self) -> i64 {
        self.read.connection.last_insert_rowid()
    }

    /// The number under which `value` stands in a table `(number, <column> UNIQUE)`, given now if it has none.
    pub(super) fn intern(&self, find: &str, insert: &str, value: &Value) -> Result<i64> {
        match self.value(find, [value])? {
            Some(number) => Ok(number),
            None => self.insert(insert, [value]),
        }
    }
}

/// A row's parameters out of values of the domain.
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        rusqlite::params![$($crate::sqlite::column::Column::store(&$value)),*]
    };
}

pub(super) use row;
