//! Opening a commitment: what the file proves to somebody who has no node, and what breaks it.

use comity_exchange::compose::Selection;
use comity_exchange::opening::{Opened, check, open};
use comity_exchange::ports::ReleaseRow;
use comity_model::opening::{Differs, Member, Opening};
use comity_testkit::{CLAUSE, Pair, Result, pair, pump};
use jiff::SignedDuration;
use serde_json::{Value, json};

const PERSON: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000001";
const PLAIN: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000002";

fn identity(id: &str, modified: &str, contact: Option<&str>) -> String {
    let mut object = json!({
        "type": "identity", "spec_version": "2.1", "id": id, "created": "2026-01-10T08:00:00.000Z",
        "modified": modified, "name": "An importer", "identity_class": "organization",
    });
    if let (Some(contact), Some(members)) = (contact, object.as_object_mut()) {
        members.insert("contact_information".to_owned(), json!(contact));
    }
    object.to_string()
}

/// Five objects, one of them redacted, released and signed.
async fn released(pair: &Pair) -> Result<ReleaseRow> {
    let at = "2026-01-10T08:00:00.000Z";
    let mut ids = vec![PLAIN.to_owned(), PERSON.to_owned()];
    let mut lines =
        vec![identity(PLAIN, at, None), identity(PERSON, at, Some("call 555-0100 after dark"))];
    for number in 3..6 {
        let id = format!("identity--5d0b6f1e-3c0e-4e59-8a52-00000000000{number}");
        lines.push(identity(&id, at, None));
        ids.push(id);
    }
    pair.us.hold(&lines.join("\n")).await?;
    pair.us.release(&pair.mx, CLAUSE, Selection::Ids(ids), 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let releases = pair.us.node.store().releases(1).await?;
    Ok(releases.into_iter().next().ok_or("no release")?)
}

pub(crate) async fn opened(pair: &Pair) -> Result<Opened> {
    let release = released(pair).await?;
    Ok(open(&pair.us.node, &release, PERSON, "an analyst").await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outsider_sees_from_what_a_derivative_was_made_and_in_what_it_differs() -> Result<()> {
    let pair = pair().await?;
    let opened = opened(&pair).await?;
    let root = pair.us.node.root();
    let proof = check(&opened.file, &[root, pair.mx.node.root()])?;
    assert!(proof.pinned);
    assert_eq!((proof.from, proof.to), (root, pair.mx.node.root()));
    assert_eq!(proof.original.0, PERSON);
    assert_eq!(proof.derivative, opened.derivative);
    assert_ne!(proof.derivative, PERSON);
    let contact = proof.differences.iter().find(|it| it.property == "/contact_information");
    assert_eq!(contact.map(|it| it.how), Some(Differs::Removed));
    assert!(proof.differences.iter().all(|it| it.property != "/name"));

    // the id of the derivative names it as well, and the file is the same
    let release = pair.us.node.store().releases(1).await?.remove(0);
    let again = open(&pair.us.node, &release, &opened.derivative, "an analyst").await?;
    assert_eq!(again.file, opened.file);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_root_nothing_is_proved() -> Result<()> {
    let pair = pair().await?;
    let file = opened(&pair).await?.file;
    assert!(!check(&file, &[])?.pinned);
    let flaw = check(&file, &[pair.mx.node.root()]).err().ok_or("another party's root will do")?;
    assert_eq!((flaw.member, flaw.code), (Member::Descriptor, "root-not-pinned"));
    Ok(())
}

/// What somebody makes of a member.
type Forge<'a> = Box<dyn Fn(&str) -> String + 'a>;

/// The file with one member changed by somebody who mends the sums.
fn forged(file: &[u8], member: &str, change: impl Fn(&str) -> String) -> Result<Vec<u8>> {
    let mut whole: Value = serde_json::from_slice(file)?;
    let said = whole[member].as_str().ok_or("no text")?.to_owned();
    let new = change(&said);
    if new == said {
        return Err(format!("nothing to change in {member}").into());
    }
    let sum = match member {
        "opening" => {
            use base64::Engine as _;
            comity_model::Digest::of(&base64::engine::general_purpose::STANDARD.decode(&new)?)
        }
        _ => comity_model::Digest::of(new.as_bytes()),
    };
    whole[member] = json!(new);
    whole["sums"][member] = json!(sum.to_string());
    let mut bytes = serde_json::to_vec(&whole)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_a_member_and_mends_its_sum_is_found_at_that_member() -> Result<()> {
    let pair = pair().await?;
    let file = opened(&pair).await?.file;
    let other = Opening::parse(&file)?;
    let theirs = serde_json::to_string(&pair.mx.node.record().descriptor)?;
    let theirs: String = serde_json::from_str(&theirs)?;
    let swap = |from: &'static str, to: &'static str| -> Forge<'_> {
        Box::new(move |text: &str| text.replacen(from, to, 1))
    };
    let cases: Vec<(&str, Forge<'_>, Member)> = vec![
        ("descriptor", Box::new(|_| theirs.clone()), Member::Statement),
        ("descriptor", swap("\"sig\":\"", "\"sig\":\"A"), Member::Descriptor),
        ("statement", Box::new(|text| text.replacen("==\"", "=\"", 1) + " "), Member::Statement),
        ("statement", Box::new(|_| other.descriptor.clone()), Member::Statement),
        ("line", swap("\"index\":1", "\"index\":2"), Member::Derivative),
        ("line", swap("identity--", "report--"), Member::Line),
        ("derivative", swap("An importer", "An exporter"), Member::Derivative),
        ("derivative", swap("An importer", "An importer."), Member::Line),
        ("original", swap("555-0100", "555-0199"), Member::Opening),
        ("opening", Box::new(|_| format!("{}=", "A".repeat(43))), Member::Opening),
    ];
    for (member, change, named) in cases {
        let flaw = check(&forged(&file, member, &*change)?, &[])
            .err()
            .ok_or_else(|| format!("a changed {member} passes"))?;
        assert_eq!(flaw.member, named, "{member}: {flaw}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_byte_changed_anywhere_is_noticed() -> Result<()> {
    let pair = pair().await?;
    let file = opened(&pair).await?.file;
    for at in (0..file.len()).step_by(101) {
        let mut other = file.clone();
        if let Some(byte) = other.get_mut(at) {
            *byte ^= 1;
        }
        assert!(check(&other, &[]).is_err(), "byte {at}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_release_can_be_opened_after_the_original_has_a_new_version() -> Result<()> {
    let pair = pair().await?;
    let first = released(&pair).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    let newer = identity(PERSON, "2026-01-11T08:00:00.000Z", Some("call 555-0111 at noon"));
    pair.us.hold(&newer).await?;
    let selection = Selection::Ids(vec![PERSON.to_owned()]);
    pair.us.release(&pair.mx, CLAUSE, selection, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let second = pair.us.node.store().releases(1).await?.remove(0);
    for (release, said) in [(&first, "555-0100"), (&second, "555-0111")] {
        let opened = open(&pair.us.node, release, PERSON, "an analyst").await?;
        assert!(Opening::parse(&opened.file)?.original.contains(said));
        check(&opened.file, &[pair.us.node.root()])?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_and_a_refusal_to_open_leave_a_line_in_the_journal_each() -> Result<()> {
    let pair = pair().await?;
    let release = released(&pair).await?;
    let before = pair.us.node.store().journal_lines(0, 1_000).await?.len();
    let refused = open(&pair.us.node, &release, PLAIN, "an analyst").await;
    let refused = refused.err().ok_or("what went as it is was opened")?;
    assert_eq!(refused.code(), "not-a-derivative");
    assert!(refused.to_string().contains("went as it is"), "{refused}");
    let missing = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000009";
    let refused = open(&pair.us.node, &release, missing, "an analyst").await;
    assert_eq!(refused.err().ok_or("what did not go was opened")?.code(), "not-found");
    let mut purged = release.clone();
    purged.parts.clear();
    let refused = open(&pair.us.node, &purged, PERSON, "an analyst").await;
    assert_eq!(refused.err().ok_or("what was purged was opened")?.code(), "parts-purged");
    let refused = pair.us.node.store().journal_lines(0, 1_000).await?;
    let events = refused.iter().skip(before).map(|it| it.entry.event.as_str());
    assert_eq!(events.collect::<Vec<_>>(), ["release-open-refused"; 3]);

    open(&pair.us.node, &release, PERSON, "an analyst").await?;
    let lines = pair.us.node.store().journal_lines(0, 1_000).await?;
    assert_eq!(lines.len(), before + 4);
    let line = lines.last().ok_or("no line")?;
    assert_eq!(
        (line.entry.event.as_str(), line.entry.actor.as_str()),
        ("release-opened", "an analyst")
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_sent_is_not_opened() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&identity(PERSON, "2026-01-10T08:00:00.000Z", Some("hidden"))).await?;
    let composed =
        pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![PERSON.to_owned()])).await?;
    let refused = open(&pair.us.node, &composed.release, PERSON, "an analyst").await;
    assert_eq!(refused.err().ok_or("opened")?.code(), "release-not-sent");
    Ok(())
}
