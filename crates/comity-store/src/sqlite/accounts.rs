//! Accounts, tokens and grants of collections; the key of page tokens; what became of postings.

use std::collections::BTreeMap;

use comity_exchange::ports::{
    Account, Grant, JournalEntry, PageKey, Posting, Role, StatusBound, Token,
};
use comity_model::Digest;
use jiff::Timestamp;
use rusqlite::params;
use uuid::Uuid;

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, corrupt, exists, missing};
use super::journal;
use super::tx::{Read, Tx, row};

pub(super) fn add(tx: &Tx<'_>, account: &Account, entries: &[JournalEntry]) -> Result<()> {
    if number(tx, &account.name)?.is_some() {
        return exists(format!("an account `{}`", account.name));
    }
    certificate_is_free(tx, account)?;
    let (role, unit) = role(tx, account)?;
    tx.run(
        "INSERT INTO account (name, role, unit, password, certificate, per_minute, created_at, disabled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            account.name,
            role,
            unit,
            account.password,
            account.certificate.store(),
            account.per_minute,
            account.created_at.store(),
            account.disabled_at.store(),
        ],
    )?;
    changed(tx)?;
    journal::write(tx, entries)
}

pub(super) fn change(tx: &Tx<'_>, account: &Account, entries: &[JournalEntry]) -> Result<()> {
    certificate_is_free(tx, account)?;
    let (role, unit) = role(tx, account)?;
    let rows = tx.run(
        "UPDATE account SET role = ?2, unit = ?3, password = ?4, certificate = ?5, per_minute = ?6, disabled_at = ?7
         WHERE name = ?1",
        params![
            account.name,
            role,
            unit,
            account.password,
            account.certificate.store(),
            account.per_minute,
            account.disabled_at.store(),
        ],
    )?;
    if rows == 0 {
        return Err(missing(format!("account `{}`", account.name)));
    }
    changed(tx)?;
    journal::write(tx, entries)
}

/// Closes the accounts of these names that are open.
pub(super) fn close(tx: &Tx<'_>, names: &[String], at: Timestamp) -> Result<()> {
    for name in names {
        let sql = "UPDATE account SET disabled_at = ?2 WHERE name = ?1 AND disabled_at IS NULL";
        tx.run(sql, params![name, at.store()])?;
    }
    if names.is_empty() { Ok(()) } else { changed(tx) }
}

/// Notes that who may ask for what changed.
pub(super) fn changed(tx: &Tx<'_>) -> Result<()> {
    tx.run("UPDATE counter SET value = value + 1 WHERE name = 'access'", [])?;
    Ok(())
}

pub(super) fn generation(read: &Read<'_>) -> Result<u64> {
    let sql = "SELECT value FROM counter WHERE name = 'access'";
    read.value(sql, [])?.ok_or_else(|| corrupt("the counters"))
}

fn certificate_is_free(tx: &Tx<'_>, account: &Account) -> Result<()> {
    let Some(certificate) = account.certificate else { return Ok(()) };
    let sql = "SELECT 1 FROM account WHERE certificate = ?1 AND name <> ?2";
    if tx.any(sql, params![certificate.store(), account.name])? {
        return exists("an account with this certificate");
    }
    Ok(())
}

fn role(tx: &Tx<'_>, account: &Account) -> Result<(&'static str, Option<i64>)> {
    match &account.role {
        Role::Tool => Ok(("tool", None)),
        Role::Unit(unit) => {
            let number = tx.value("SELECT number FROM unit WHERE name = ?1", [unit])?;
            Ok(("unit", Some(number.ok_or_else(|| missing(format!("unit `{unit}`")))?)))
        }
    }
}

fn number(read: &Read<'_>, name: &str) -> Result<Option<i64>> {
    read.value("SELECT number FROM account WHERE name = ?1", [name])
}

fn must_be(read: &Read<'_>, name: &str) -> Result<i64> {
    number(read, name)?.ok_or_else(|| missing(format!("account `{name}`")))
}

pub(super) fn all(read: &Read<'_>) -> Result<Vec<Account>> {
    read.all(
        "SELECT a.name, u.name, a.password, a.certificate, a.per_minute, a.created_at, a.disabled_at
         FROM account a LEFT JOIN unit u ON u.number = a.unit ORDER BY a.name",
        [],
        |row| {
            Ok(Account {
                name: get(row, 0)?,
                role: get::<Option<String>>(row, 1)?.map_or(Role::Tool, Role::Unit),
                password: get(row, 2)?,
                certificate: get(row, 3)?,
                per_minute: get(row, 4)?,
                created_at: get(row, 5)?,
                disabled_at: get(row, 6)?,
            })
        },
    )
}

pub(super) fn add_token(tx: &Tx<'_>, token: &Token, entries: &[JournalEntry]) -> Result<u64> {
    let account = must_be(tx, &token.account)?;
    if tx.any("SELECT 1 FROM account_token WHERE digest = ?1", row![token.digest])? {
        return exists("this token");
    }
    let number = tx.insert(
        "INSERT INTO account_token (account, digest, note, scope_json, created_at, expires_at, revoked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            account,
            token.digest.store(),
            token.note,
            token.scope.as_ref().map(|it| Json(it).to_text()),
            token.created_at.store(),
            token.expires_at.store(),
            token.revoked_at.store(),
        ],
    )?;
    changed(tx)?;
    journal::write(tx, entries)?;
    Ok(number.cast_unsigned())
}

pub(super) fn tokens(read: &Read<'_>) -> Result<Vec<Token>> {
    read.all(
        "SELECT t.number, a.name, t.digest, t.note, t.scope_json, t.created_at, t.expires_at, t.revoked_at
         FROM account_token t JOIN account a ON a.number = t.account ORDER BY t.number",
        [],
        |row| {
            Ok(Token {
                number: get(row, 0)?,
                account: get(row, 1)?,
                digest: get(row, 2)?,
                note: get(row, 3)?,
                scope: get::<Option<Json<Vec<Uuid>>>>(row, 4)?.map(|Json(scope)| scope),
                created_at: get(row, 5)?,
                expires_at: get(row, 6)?,
                revoked_at: get(row, 7)?,
            })
        },
    )
}

pub(super) fn revoke_token(
    tx: &Tx<'_>,
    number: u64,
    at: Timestamp,
    entries: &[JournalEntry],
) -> Result<()> {
    let sql = "UPDATE account_token SET revoked_at = ?2 WHERE number = ?1 AND revoked_at IS NULL";
    if tx.run(sql, row![number, at])? == 0 {
        if tx.any("SELECT 1 FROM account_token WHERE number = ?1", row![number])? {
            return conflict(format!("the token {number}"));
        }
        return Err(missing(format!("token {number}")));
    }
    changed(tx)?;
    journal::write(tx, entries)
}

pub(super) fn grant(tx: &Tx<'_>, grant: &Grant, entries: &[JournalEntry]) -> Result<()> {
    let account = must_be(tx, &grant.account)?;
    let collection = collection(tx, grant.collection)?;
    if grant.read || grant.write {
        tx.run(
            "INSERT INTO collection_grant (collection, account, can_read, can_write) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (collection, account) DO UPDATE SET can_read = excluded.can_read, can_write = excluded.can_write",
            params![collection, account, grant.read, grant.write],
        )?;
    } else {
        tx.run(
            "DELETE FROM collection_grant WHERE collection = ?1 AND account = ?2",
            params![collection, account],
        )?;
    }
    changed(tx)?;
    journal::write(tx, entries)
}

pub(super) fn grants(read: &Read<'_>) -> Result<Vec<Grant>> {
    read.all(
        "SELECT c.id, a.name, g.can_read, g.can_write FROM collection_grant g
         JOIN collection c ON c.number = g.collection JOIN account a ON a.number = g.account
         ORDER BY c.alias, a.name",
        [],
        |row| {
            Ok(Grant {
                collection: get(row, 0)?,
                account: get(row, 1)?,
                read: get(row, 2)?,
                write: get(row, 3)?,
            })
        },
    )
}

/// The number of a collection.
pub(super) fn collection(read: &Read<'_>, id: Uuid) -> Result<i64> {
    read.value("SELECT number FROM collection WHERE id = ?1", row![id])?
        .ok_or_else(|| missing(format!("collection `{id}`")))
}

pub(super) fn page_key(read: &Read<'_>) -> Result<Option<PageKey>> {
    Ok(read.value("SELECT key FROM page_key", [])?.map(PageKey))
}

pub(super) fn make_page_key(tx: &Tx<'_>, fresh: &[u8; 32]) -> Result<PageKey> {
    let sql = "INSERT INTO page_key (one, key) VALUES (1, ?1) ON CONFLICT DO NOTHING";
    tx.run(sql, row![*fresh])?;
    page_key(tx)?.ok_or_else(|| corrupt("the key of page tokens"))
}

pub(super) fn put_posting(
    tx: &Tx<'_>,
    posting: &Posting,
    forget: Timestamp,
    kept: StatusBound,
) -> Result<()> {
    tx.run("DELETE FROM posting WHERE at < ?1", [forget.as_millisecond()])?;
    tx.run(
        "INSERT INTO posting (id, collection, account, at, status_json) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET status_json = excluded.status_json",
        row![
            posting.id,
            posting.collection,
            posting.account.clone(),
            posting.at.as_millisecond(),
            posting.status.clone()
        ],
    )?;
    // the newest stays however long it is
    while is_over(tx, &posting.account, kept)? {
        let gone = tx.run(
            "DELETE FROM posting WHERE id = (
               SELECT id FROM posting WHERE account = ?1 AND id <> ?2 ORDER BY at, id DESC LIMIT 1
             )",
            row![posting.account.clone(), posting.id],
        )?;
        if gone == 0 {
            break;
        }
    }
    Ok(())
}

pub(super) fn first_told(
    tx: &Tx<'_>,
    (id, name): (Uuid, &str),
    objects: &BTreeMap<String, Digest>,
    at: Timestamp,
) -> Result<BTreeMap<String, Timestamp>> {
    let (collection, account) = (collection(tx, id)?, must_be(tx, name)?);
    let mut first = BTreeMap::new();
    for (object, digest) in objects {
        let told = tx.value(
            "INSERT INTO told_version (collection, account, id, digest, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (collection, account, id) DO UPDATE SET
               at = CASE WHEN digest = excluded.digest THEN at ELSE excluded.at END, digest = excluded.digest
             RETURNING at",
            params![collection, account, object, digest.store(), at.store()],
        )?;
        first.insert(object.clone(), told.unwrap_or(at));
    }
    Ok(first)
}

/// Whether an account has more statuses than are kept, or longer ones.
fn is_over(read: &Read<'_>, account: &str, kept: StatusBound) -> Result<bool> {
    let sql = "SELECT 1 FROM posting_total WHERE account = ?1 AND (statuses > ?2 OR bytes > ?3)";
    read.any(sql, params![account, kept.statuses.store(), kept.bytes.store()])
}

pub(super) fn posting(read: &Read<'_>, id: Uuid) -> Result<Option<Posting>> {
    read.first(
        "SELECT id, collection, account, at, status_json FROM posting WHERE id = ?1",
        row![id],
        |row| {
            Ok(Posting {
                id: get(row, 0)?,
                collection: get(row, 1)?,
                account: get(row, 2)?,
                at: Timestamp::from_millisecond(get(row, 3)?).map_err(|_| corrupt("a posting"))?,
                status: get(row, 4)?,
            })
        },
    )
}
