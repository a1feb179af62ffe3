//! Invariant no-foothold: no account belongs to another party, whichever of the two was here first.

use comity_exchange::account::{self, NewAccount};
use comity_exchange::partner;
use comity_exchange::ports::{PouchState, Role};
use comity_model::descriptor::KeyUse;
use comity_model::{Descriptor, Digest};
use comity_pouch::descriptor::sign;
use comity_testkit::{OldKeys, Party, Result, TestClock};
use serde_json::json;

use crate::support::{Wire, journal};

const ADMIN: &str = "an administrator";

fn tool(name: &str, certificate: Option<Digest>) -> NewAccount {
    let (name, per_minute) = (name.to_owned(), account::PER_MINUTE);
    NewAccount { name, role: Role::Tool, certificate, per_minute }
}

/// The key by which a party delivers.
fn link_key(descriptor: &Descriptor) -> Result<Digest> {
    use base64::Engine as _;
    let link = descriptor.keys.iter().rfind(|it| it.purpose == KeyUse::Link);
    let text = &link.ok_or("a link key")?.public;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text)?;
    Ok(Digest::from_bytes(bytes.try_into().map_err(|_| "a digest")?))
}

async fn two() -> Result<(Party, Party, String)> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let (mx, br) = (Party::new("mx", &clock, false).await?, Party::new("br", &clock, false).await?);
    let descriptor = br.node.descriptor().to_string();
    Ok((mx, br, descriptor))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_no_party_comes_in_to_whom_an_open_account_would_belong() -> Result<()> {
    let (mx, br, file) = two().await?;
    let import = || partner::import_party(&mx.node, file.as_bytes(), "br.d", None, ADMIN);
    account::add(&mx.node, tool("evil", Some(link_key(&br.descriptor()?)?)), None, ADMIN).await?;
    account::add(&mx.node, tool("br", None), None, ADMIN).await?;
    for (code, name) in [("account-has-handle", "br"), ("account-has-link-key", "evil")] {
        let refused = import().await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(
            refused.to_string().contains(&format!("`comity user disable {name}`")),
            "{refused}"
        );
        assert!(mx.node.store().parties().await?.is_empty());
        account::set_disabled(&mx.node, name, true, ADMIN).await?;
    }
    assert_eq!(journal(&mx.node, "party-not-imported").await?.len(), 2);
    import().await?;
    partner::confirm_party(&mx.node, "br", ADMIN).await?;
    for (name, code) in [("br", "account-names-partner"), ("evil", "certificate-of-partner")] {
        let refused = account::set_disabled(&mx.node, name, false, ADMIN).await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert!(account::find(&mx.node, name).await?.disabled_at.is_some());
    }
    assert_eq!(journal(&mx.node, "account-not-enabled").await?.len(), 2);
    assert!(account::of_partners(&mx.node).await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_accounts_that_were_left_open_are_found_and_stop_a_confirmation() -> Result<()>
{
    let (mx, br, file) = two().await?;
    account::add(&mx.node, tool("evil", Some(link_key(&br.descriptor()?)?)), None, ADMIN).await?;
    let evil = account::find(&mx.node, "evil").await?;
    account::set_disabled(&mx.node, "evil", true, ADMIN).await?;
    partner::import_party(&mx.node, file.as_bytes(), "br.d", None, ADMIN).await?;
    // as a folder may have it in which this was not refused
    mx.node.store().change_account(evil, Vec::new()).await?;
    let found = account::of_partners(&mx.node).await?;
    let found: Vec<_> = found.iter().map(|(of, it)| (of.as_str(), it.name.as_str())).collect();
    assert_eq!(found, [("br", "evil")]);
    let refused = partner::confirm_party(&mx.node, "br", ADMIN).await.unwrap_err();
    assert_eq!(refused.code(), "account-has-link-key");
    assert!(mx.node.store().parties().await?[0].confirmed_at.is_none());
    assert_eq!(journal(&mx.node, "party-not-confirmed").await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_a_descriptor_that_brings_the_key_of_an_account_closes_the_account()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let next = wire.pair.us.rotated(&[KeyUse::Link], OldKeys::Overlap)?;
    let node = wire.pair.mx.node.clone();
    account::add(&node, tool("evil", Some(link_key(&next)?)), None, ADMIN).await?;
    account::add(&node, tool("desk", Some(Digest::of(b"its own"))), None, ADMIN).await?;
    let before = node.store().access_generation().await?;
    let envelope = String::from_utf8(sign(&next, &wire.pair.us.root_key)?.to_json())?;
    let mut announced = wire.forge("descriptor");
    announced.body = json!({ "descriptor": envelope });
    let row = wire.send(&announced).await?;
    assert_eq!((row.state, row.code.as_deref()), (PouchState::Consumed, None));
    assert!(account::find(&node, "evil").await?.disabled_at.is_some());
    assert!(account::find(&node, "desk").await?.disabled_at.is_none());
    assert!(node.store().access_generation().await? > before, "whoever is connected is shut out");
    let lines = journal(&node, "account-disabled").await?;
    let [line] = lines.as_slice() else { return Err("one line".into()) };
    assert_eq!(line.entry.subject, "evil");
    assert_eq!(line.entry.details["code"], "certificate-of-partner");
    assert!(account::of_partners(&node).await?.is_empty());
    Ok(())
}
