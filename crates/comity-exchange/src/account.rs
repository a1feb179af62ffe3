//! Accounts: the programs of this party's desks and of its units that read and write collections. No account belongs to
//! another party (invariant no-foothold): a unit's name or nothing stands in one, a partner's handle is no name for one, and
//! the key by which a partner delivers opens none.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use comity_model::descriptor::KeyUse;
use comity_model::entropy::fresh;
use comity_model::told::Told;
use comity_model::{Digest, Handle, told};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::partner::Partner;
use crate::ports::{Account, DescriptorRow, PartyRecord, Role, Token};
use crate::unit;

/// Requests a minute, where nothing else is said.
pub const PER_MINUTE: u32 = 6_000;
/// The longest that a token may be good for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Characters of a password, at least, and bytes at the most.
const PASSWORD: (usize, usize) = (12, 1_024);
/// What every token begins with, so that one that leaks is recognised.
const TOKEN: &str = "comity_";

/// A new account, or what is to change about one.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The SHA-256 of the public key of its client certificate.
    pub certificate: Option<Digest>,
    /// Requests a minute, at the most.
    pub per_minute: u32,
}

/// Adds an account, with a password or without one. Refused with `account-names-partner` and `certificate-of-partner` where it
/// would be a partner's, with `bad-input` for a name or a password without the form, with `exists` if the name is taken.
pub async fn add(
    node: &Node,
    new: NewAccount,
    password: Option<&str>,
    by: &str,
) -> Result<Account> {
    let (name, role) = (new.name.clone(), new.role.clone());
    let added = async {
        must_be_a_name(&new.name)?;
        must_not_be_a_partner(node, &new.name, new.certificate).await?;
        if let Role::Unit(unit) = &new.role {
            unit::find(node, unit).await?;
        }
        let password = match password {
            None => None,
            Some(password) => Some(hash(node, password).await?),
        };
        let account = Account {
            name: new.name,
            role: new.role,
            password,
            certificate: new.certificate,
            per_minute: must_be_a_rate(new.per_minute)?,
            created_at: node.now(),
            disabled_at: None,
        };
        let details = json!({ "role": role });
        let journal = vec![node.journal_by(by, "account-added", &account.name, details)];
        node.store().add_account(account.clone(), journal).await?;
        Ok(account)
    };
    journalled(node, added.await, by, "account-not-added", name, json!({})).await
}

/// Gives an account another password.
pub async fn set_password(node: &Node, name: &str, password: &str, by: &str) -> Result<()> {
    let mut account = find(node, name).await?;
    account.password = Some(hash(node, password).await?);
    let journal = vec![node.journal_by(by, "account-password-changed", name, json!({}))];
    Ok(node.store().change_account(account, journal).await?)
}

/// Says how many requests a minute an account may make; that holds from its next request on.
pub async fn set_rate(node: &Node, name: &str, per_minute: u32, by: &str) -> Result<()> {
    let mut account = find(node, name).await?;
    let before = std::mem::replace(&mut account.per_minute, must_be_a_rate(per_minute)?);
    if before == per_minute {
        return Ok(());
    }
    let details = json!({ "per_minute": per_minute });
    let journal = vec![node.journal_by(by, "account-rate-changed", name, details)];
    Ok(node.store().change_account(account, journal).await?)
}

/// Closes an account at once, with its tokens; or opens it again, unless it would be a partner's, as for [`add`].
pub async fn set_disabled(node: &Node, name: &str, disabled: bool, by: &str) -> Result<()> {
    let mut account = find(node, name).await?;
    if account.disabled_at.is_some() == disabled {
        return Ok(());
    }
    if !disabled {
        let free = must_not_be_a_partner(node, name, account.certificate).await;
        journalled(node, free, by, "account-not-enabled", name, json!({})).await?;
    }
    account.disabled_at = disabled.then(|| node.now());
    let event = if disabled { "account-disabled" } else { "account-enabled" };
    let journal = vec![node.journal_by(by, event, name, json!({}))];
    Ok(node.store().change_account(account, journal).await?)
}

/// An account by its name.
pub async fn find(node: &Node, name: &str) -> Result<Account> {
    let accounts = node.store().accounts().await?;
    accounts.into_iter().find(|it| it.name == name).ok_or_else(|| ExchangeError::NotFound {
        what: "account",
        name: name.escape_debug().to_string(),
        advice: "`comity user list` shows the accounts, `comity user add` adds one",
    })
}

/// Makes a token for an account and gives it, this once; only its digest is kept.
pub async fn new_token(
    node: &Node,
    account: &str,
    scope: Option<Vec<Uuid>>,
    lasts: SignedDuration,
    purpose: Option<String>,
    by: &str,
) -> Result<(Token, String)> {
    find(node, account).await?;
    if lasts <= SignedDuration::ZERO || lasts > LONGEST {
        let message = "a token lasts a year at the most; write for example `90d`";
        return Err(ExchangeError::input("--expires", Told::from(message).named("token-lasts")));
    }
    let is_odd = |it: &String| it.chars().count() > 200 || it.chars().any(char::is_control);
    if purpose.as_ref().is_some_and(is_odd) {
        let message = told!("write one line of 1 to {most} characters", most = 200);
        return Err(ExchangeError::input("--note", message.named("line-length")));
    }
    let text = format!("{TOKEN}{}", URL_SAFE_NO_PAD.encode(fresh::<32>(&**node.entropy())));
    let now = node.now();
    let mut token = Token {
        number: 0,
        account: account.to_owned(),
        digest: Digest::of(text.as_bytes()),
        note: purpose,
        scope,
        created_at: now,
        expires_at: now.checked_add(lasts).unwrap_or(Timestamp::MAX),
        revoked_at: None,
    };
    let details = json!({ "expires_at": token.expires_at, "collections": token.scope });
    let journal = vec![node.journal_by(by, "token-made", account, details)];
    token.number = node.store().add_token(token.clone(), journal).await?;
    Ok((token, text))
}

/// Revokes a token at once.
pub async fn revoke_token(node: &Node, number: u64, by: &str) -> Result<()> {
    if !node.store().tokens().await?.iter().any(|it| it.number == number) {
        return Err(ExchangeError::NotFound {
            what: "token",
            name: number.to_string(),
            advice: "`comity token list` shows the tokens by their numbers",
        });
    }
    let details = json!({ "token": number });
    let journal = vec![node.journal_by(by, "token-revoked", number, details)];
    Ok(node.store().revoke_token(number, node.now(), journal).await?)
}

/// Whether `password` is the one of which `hash` is the argon2id hash in PHC form. Takes some tens of milliseconds of a
/// processor, whatever the answer, and 19 MiB: call it where that may be.
pub fn password_fits(hash: &str, password: &[u8]) -> bool {
    password.len() <= PASSWORD.1
        && PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password, &hash).is_ok())
}

async fn hash(node: &Node, password: &str) -> Result<String> {
    let (least, most) = PASSWORD;
    if password.chars().count() < least
        || password.len() > most
        || password.chars().any(char::is_control)
    {
        let message = told!(
            "a password has {least} characters at least and {most} bytes at the most, and no control characters",
            least,
            most
        );
        return Err(ExchangeError::input("the password", message.named("password-form")));
    }
    let (salt, password): ([u8; 16], _) = (fresh(&**node.entropy()), password.to_owned());
    blocking(move || {
        let hash: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(ExchangeError::damaged)?;
        Ok(hash.to_string())
    })
    .await
}

fn must_be_a_name(name: &str) -> Result<()> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    let begins = name.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    if !begins || name.len() > 64 || !name.bytes().all(plain) {
        let message =
            "write 1 to 64 lower-case letters, digits, hyphens and dots, a letter or digit first";
        return Err(ExchangeError::input(
            name.escape_debug().to_string(),
            Told::from(message).named("account-name"),
        ));
    }
    Ok(())
}

fn must_be_a_rate(per_minute: u32) -> Result<u32> {
    if (1..=1_000_000).contains(&per_minute) {
        return Ok(per_minute);
    }
    let message = told!("write a number from {least} to {most}", least = 1, most = 1_000_000);
    Err(ExchangeError::input("--per-minute", message.named("number-range")))
}

async fn must_not_be_a_partner(node: &Node, name: &str, certificate: Option<Digest>) -> Result<()> {
    for party in node.store().parties().await? {
        if party.handle.as_str() == name {
            let message = told!(
                "`{name}` is the handle of a partner, and no account belongs to another party; choose another name",
                name
            );
            return Err(ExchangeError::refused("account-names-partner", message));
        }
        let Some(certificate) = certificate else { continue };
        for known in descriptors_of(node, &party).await? {
            if link_keys(&known).any(|it| it == certificate) {
                let message = told!(
                    "the certificate has the key by which the partner `{partner}` delivers; no account belongs to another party",
                    partner = party.handle
                );
                return Err(ExchangeError::refused("certificate-of-partner", message));
            }
        }
    }
    Ok(())
}

/// Refuses a partner to whom an open account would belong: with `account-has-handle` where one has its handle for a name, with
/// `account-has-link-key` where one opens with a key by which the partner delivers, after any of these descriptors.
pub(crate) async fn none_may_be_of(
    node: &Node,
    handle: &Handle,
    descriptors: &[Partner],
) -> Result<()> {
    let Some(found) = of_partner(node, handle, descriptors).await?.into_iter().next() else {
        return Ok(());
    };
    let name = found.name;
    if name == handle.as_str() {
        let message = told!(
            "an open account is called `{name}`, and no account belongs to another party; give the partner another handle with `comity party import FILE --handle HANDLE`, or disable the account with `comity user disable {name}`",
            name
        );
        return Err(ExchangeError::refused("account-has-handle", message));
    }
    let message = told!(
        "the account `{name}` opens with the key by which `{partner}` delivers, and no account belongs to another party; disable it with `comity user disable {name}` and try again",
        name,
        partner = handle
    );
    Err(ExchangeError::refused("account-has-link-key", message))
}

/// The open accounts that would belong to a partner with this handle and the link keys of these descriptors.
pub(crate) async fn of_partner(
    node: &Node,
    handle: &Handle,
    descriptors: &[Partner],
) -> Result<Vec<Account>> {
    let is_theirs = |account: &Account| {
        let opens = |key: Digest| account.certificate == Some(key);
        account.name == handle.as_str() || descriptors.iter().flat_map(link_keys).any(opens)
    };
    let mut accounts = node.store().accounts().await?;
    accounts.retain(|it| it.disabled_at.is_none() && is_theirs(it));
    Ok(accounts)
}

/// The open accounts that belong to a partner, by the partner's handle, each once for each partner: none, unless they came
/// about before this was refused.
pub async fn of_partners(node: &Node) -> Result<Vec<(Handle, Account)>> {
    let mut found = Vec::new();
    for party in node.store().parties().await? {
        let descriptors = descriptors_of(node, &party).await?;
        let accounts = of_partner(node, &party.handle, &descriptors).await?;
        found.extend(accounts.into_iter().map(|it| (party.handle.clone(), it)));
    }
    Ok(found)
}

/// Every descriptor of a partner that was taken in here.
pub(crate) async fn descriptors_of(node: &Node, party: &PartyRecord) -> Result<Vec<Partner>> {
    let kept = node.store().descriptors(party.root).await?;
    let read =
        |row: DescriptorRow| Ok(Partner::read(row.envelope.as_bytes(), party.handle.as_str())?.0);
    kept.into_iter().map(read).collect()
}

/// The SHA-256 of each key by which a party delivers, now or earlier: what its entry `link` has (docs/protocol.md section 1.1).
pub(crate) fn link_keys(party: &Partner) -> impl Iterator<Item = Digest> {
    let keys = party.descriptor.keys.iter().filter(|it| it.purpose == KeyUse::Link);
    keys.filter_map(|it| {
        let bytes: [u8; 32] = STANDARD.decode(&it.public).ok()?.try_into().ok()?;
        Some(Digest::from_bytes(bytes))
    })
}
