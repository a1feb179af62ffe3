//! Keys over time: what was signed is judged by its place in the record, for ever, and by nothing else.

use comity_exchange::descriptor::in_force;
use comity_exchange::partner;
use comity_exchange::ports::PouchState;
use comity_model::ChannelId;
use comity_model::descriptor::KeyUse;
use comity_pouch::descriptor::sign;
use comity_testkit::{CLAUSE, OldKeys, Pair, Party, Result, indicators, pair, pump};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::Wire;

mod places;
mod sealing;

const SIGNING: [KeyUse; 3] = [KeyUse::Statement, KeyUse::Log, KeyUse::Witness];

/// Takes one more object in and releases it, with everything delivered and answered.
async fn cross(from: &Party, to: &Party, number: u64) -> Result<()> {
    let before = held(to).await?;
    give(from, to, number).await?;
    pump(from, to).await?;
    assert_eq!(held(to).await?, before + 1, "release {number} did not arrive");
    Ok(())
}

/// Takes one more object in and seals its release.
async fn give(from: &Party, to: &Party, number: u64) -> Result<()> {
    from.hold(&indicators(number..number + 1)).await?;
    let what = comity_exchange::compose::Selection::Ids(vec![crate::support::line::id_of(number)]);
    from.release(to, CLAUSE, what, 2).await?;
    Ok(())
}

async fn held(party: &Party) -> Result<u64> {
    Ok(party.node.store().counts().await?.iter().map(|it| it.objects).sum())
}

fn channel(pair: &Pair, agreement: comity_model::AgreementId) -> ChannelId {
    let (from, to) = (pair.us.node.root(), pair.mx.node.root());
    ChannelId { agreement, epoch: 1, from, to }
}

async fn out(pair: &Pair) -> Result<ChannelId> {
    let stored = pair.us.node.store().agreements().await?;
    Ok(channel(pair, stored.first().ok_or("no agreement")?.reference.id))
}

/// Everything that the first party said is signed, delivered, answered and cosigned.
async fn settled(pair: &Pair) -> Result<()> {
    pump(&pair.us, &pair.mx).await?;
    pair.clock.advance(SignedDuration::from_mins(2));
    pump(&pair.us, &pair.mx).await?;
    let view = pair.us.node.store().outbox_view(pair.mx.node.root()).await?;
    assert_eq!(view.unsettled, 0, "something is not settled");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_rotation_of_every_key_both_sides_go_on_and_everything_settles() -> Result<()> {
    let mut pair = pair().await?;
    cross(&pair.us, &pair.mx, 1).await?;
    let uses = [KeyUse::Statement, KeyUse::Log, KeyUse::Witness, KeyUse::Seal, KeyUse::Link];
    for (number, old) in [(2, OldKeys::Overlap), (3, OldKeys::Revoked)] {
        let renewal = pair.us.rotate(&uses, old).await?;
        assert_eq!((renewal.serial, renewal.announced.len()), (number, 1));
        assert!(renewal.by_file.is_empty());
        cross(&pair.us, &pair.mx, 10 + number).await?;
        settled(&pair).await?;
        assert_eq!(pair.mx.node.store().parties().await?[0].serial, number);
    }
    let renewal = pair.mx.rotate(&uses, OldKeys::Revoked).await?;
    assert_eq!(renewal.serial, 2);
    cross(&pair.us, &pair.mx, 20).await?;
    settled(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sealed_before_a_rotation_is_taken_in_after_it_in_its_order() -> Result<()> {
    let mut pair = pair().await?;
    for number in 1..4 {
        give(&pair.us, &pair.mx, number).await?;
    }
    pair.us.rotate(&SIGNING, OldKeys::Revoked).await?;
    for number in 4..7 {
        give(&pair.us, &pair.mx, number).await?;
    }
    pair.us.rotate(&SIGNING, OldKeys::Revoked).await?;
    give(&pair.us, &pair.mx, 7).await?;
    // nothing of it has left: another process, started afresh, sends all of it
    pair.us.restart().await?;
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(held(&pair.mx).await?, 7);
    settled(&pair).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_is_worth_nothing_after_its_sequence_and_everything_before_it() -> Result<()>
{
    let mut wire = Wire::new().await?;
    let old = wire.pair.us.serve_keys()?;
    let before = wire.forge("checked before");
    let row = wire.send(&before).await?;
    assert_eq!(row.state, PouchState::Consumed);

    let next = wire.pair.us.rotated(&[KeyUse::Statement, KeyUse::Log], OldKeys::Revoked)?;
    let envelope = String::from_utf8(sign(&next, &wire.pair.us.root_key)?.to_json())?;
    let mut announced = wire.forge("descriptor");
    announced.body = json!({ "descriptor": envelope });
    // the announcement itself is still signed with the key that it revokes
    let forged = announced.forge(&old, &wire.pair.mx.descriptor()?)?;
    let row = wire.put(&forged.pouch).await?;
    assert_eq!((row.state, row.code.as_deref()), (PouchState::Consumed, None));
    wire.before.push(forged.digest);

    let look = wire.look().await?;
    let late = wire.forge("release").forge(&old, &wire.pair.mx.descriptor()?)?;
    let row = wire.put(&late.pouch).await?;
    wire.refused(&row, "signature-bad", &look).await?;
    // the same statement as the one before the revocation is still the same statement
    let again = before.forge(&old, &wire.pair.mx.descriptor()?)?;
    let row = wire.put(&again.pouch).await?;
    assert_ne!(row.code.as_deref(), Some("signature-bad"));
    // and the channel goes on under the new key
    let draft = wire.draft(&[comity_testkit::indicator(5)])?;
    let good = wire.release(&draft, 2)?;
    let row = wire.send(&good).await?;
    assert_eq!((row.state, row.code), (PouchState::Consumed, None));

    let channel = wire.channel();
    let (first, then) =
        (in_force(wire.mx(), channel, 1).await?, in_force(wire.mx(), channel, 2).await?);
    assert_eq!((first.serial, first.since, first.statement), (1, 0, None));
    assert_eq!(first.until, Some((2, Some(forged.digest))), "what revoked it can be named");
    assert_eq!((then.serial, then.since, then.statement), (2, 2, Some(forged.digest)));
    assert_eq!(then.until, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptor_that_does_not_follow_is_refused_and_changes_nothing() -> Result<()> {
    let mut wire = Wire::new().await?;
    let own = wire.pair.us.descriptor()?;
    let signed = |change: &dyn Fn(&mut comity_model::Descriptor), root: &Party| -> Result<String> {
        let mut next = own.clone();
        next.serial = 2;
        next.issued_at += SignedDuration::from_secs(1);
        change(&mut next);
        Ok(String::from_utf8(sign(&next, &root.root_key)?.to_json())?)
    };
    let us = &wire.pair.us;
    let without =
        |purpose: KeyUse| signed(&move |it| it.keys.retain(|key| key.purpose != purpose), us);
    let cases = [
        ("descriptor-gap", signed(&|it| it.serial = 3, us)?),
        ("descriptor-old", signed(&|it| it.serial = 0, us)?),
        ("descriptor-old", signed(&|it| it.issued_at = own.issued_at, us)?),
        (
            "descriptor-old",
            signed(
                &|it| {
                    it.serial = 1;
                    it.urls.push("127.0.0.1:2".to_owned());
                },
                us,
            )?,
        ),
        ("exercise-mismatch", signed(&|it| it.test = true, us)?),
        (
            "protocol-version",
            signed(
                &|it| {
                    it.protocol.min = 2;
                    it.protocol.max = 3;
                },
                us,
            )?,
        ),
        ("descriptor-bad", without(KeyUse::Statement)?),
        ("descriptor-bad", without(KeyUse::Log)?),
        ("descriptor-bad", without(KeyUse::Witness)?),
        ("descriptor-bad", without(KeyUse::Seal)?),
        ("descriptor-bad", signed(&|_| {}, us)?.replace("\"sig\":\"", "\"sig\":\"AAAA")),
        ("descriptor-bad", wire.pair.mx.node.descriptor().to_string()),
        ("descriptor-bad", String::new()),
    ];
    for (code, descriptor) in cases {
        let mut forge = wire.forge("descriptor");
        forge.body = json!({ "descriptor": descriptor });
        let row = wire.send(&forge).await?;
        wire.consumed(&row, code).await?;
        assert_eq!(wire.mx().store().parties().await?[0].serial, 1, "{code}");
    }
    for body in [json!({}), json!({ "descriptor": 1 }), json!({ "descriptor": "", "more": 1 })] {
        let mut forge = wire.forge("descriptor");
        forge.body = body;
        let row = wire.send(&forge).await?;
        wire.consumed(&row, "bad-body").await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_descriptor_twice_changes_nothing_and_another_of_its_serial_is_refused()
-> Result<()> {
    let mut wire = Wire::new().await?;
    let mut next = wire.pair.us.descriptor()?;
    next.serial = 2;
    next.issued_at += SignedDuration::from_secs(1);
    let say = |next: &comity_model::Descriptor, wire: &mut Wire| -> Result<comity_testkit::Forge> {
        let envelope = sign(next, &wire.pair.us.root_key)?.to_json();
        let mut forge = wire.forge("descriptor");
        forge.body = json!({ "descriptor": String::from_utf8(envelope)? });
        Ok(forge)
    };
    for _ in 0..2 {
        let forge = say(&next, &mut wire)?;
        let row = wire.send(&forge).await?;
        assert_eq!((row.state, row.code), (PouchState::Consumed, None));
    }
    next.urls.push("127.0.0.1:9".to_owned());
    let forge = say(&next, &mut wire)?;
    let row = wire.send(&forge).await?;
    wire.consumed(&row, "descriptor-old").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_past_its_last_day_signs_nothing_and_what_it_signed_before_stays() -> Result<()> {
    let pair = pair().await?;
    cross(&pair.us, &pair.mx, 1).await?;
    give(&pair.us, &pair.mx, 2).await?;
    // the keys of the test's parties are good for two years, and the agreement for less
    let sealed = pair.us.node.store().outbound_head(out(&pair).await?).await?;
    pair.clock.advance(SignedDuration::from_hours(24 * 731));
    let refused = comity_exchange::descriptor::announce(&pair.us.node, "an analyst").await?;
    assert!(refused.is_empty());
    let halt = comity_exchange::agreement::Halt {
        legal_basis: Vec::new(),
        reasons: Vec::new(),
        text: None,
        by: "an analyst".to_owned(),
    };
    let id = out(&pair).await?.agreement;
    let refused = comity_exchange::agreement::terminate(&pair.us.node, id, halt).await;
    assert_eq!(refused.unwrap_err().code(), "own-key-expired");
    assert_eq!(pair.us.node.store().outbound_head(out(&pair).await?).await?, sealed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_keys_are_replaced_by_a_file_and_the_record_before_stays_as_it_was() -> Result<()> {
    let mut pair = pair().await?;
    cross(&pair.us, &pair.mx, 1).await?;
    settled(&pair).await?;
    let channel = out(&pair).await?;
    let said = pair.us.node.store().outbound_head(channel).await?.next;
    let renewal = pair.us.rotate(&SIGNING, OldKeys::Lost).await?;
    assert!(renewal.announced.is_empty());
    assert_eq!(renewal.by_file, [pair.mx.node.root()]);
    let file = pair.us.node.descriptor();
    let heard = pair.mx.node.store().inbound_head(channel).await?.next;
    partner::import_party(&pair.mx.node, file.as_bytes(), "file", None, "an analyst").await?;
    cross(&pair.us, &pair.mx, 2).await?;
    settled(&pair).await?;
    for (node, end) in [(&pair.us.node, said), (&pair.mx.node, heard)] {
        assert_eq!(in_force(node, channel, end - 1).await?.serial, 1);
        assert_eq!(in_force(node, channel, end).await?.serial, 2);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_was_taken_back_does_not_come_again() -> Result<()> {
    let pair = pair().await?;
    let first = pair.us.descriptor()?;
    let take = async |serial: u64, keys: &[comity_model::descriptor::KeyEntry]| {
        let mut next = first.clone();
        (next.serial, next.keys) = (serial, keys.to_vec());
        next.issued_at = pair.us.node.now() + SignedDuration::from_secs(i64::try_from(serial)?);
        let file = sign(&next, &pair.us.root_key)?.to_json();
        let taken = partner::import_party(&pair.mx.node, &file, "file", None, "an analyst").await;
        Ok::<_, comity_testkit::Error>(taken.err().map(|it| it.code()))
    };
    let mut without = first.keys.clone();
    let at = without.iter().position(|it| it.purpose == KeyUse::Statement).ok_or("none")?;
    let stolen = without.remove(at);
    assert_eq!(take(2, &without).await?, None);
    assert_eq!(take(3, &first.keys).await?, Some("descriptor-key-again"));
    without.retain(|it| it.purpose != stolen.purpose);
    assert_eq!(take(3, &without).await?, None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptor_is_made_after_the_one_before_or_nobody_takes_it() -> Result<()> {
    let pair = pair().await?;
    let mut next = pair.us.descriptor()?;
    next.serial = 2;
    let envelope = String::from_utf8(sign(&next, &pair.us.root_key)?.to_json())?;
    let file = envelope.as_bytes();
    let taken = partner::import_party(&pair.mx.node, file, "file", None, "an analyst").await;
    assert_eq!(taken.err().map(|it| it.code()), Some("descriptor-time"));
    let own =
        comity_exchange::descriptor::Next { envelope: &envelope, by_file: true, changed: &[] };
    let made = comity_exchange::descriptor::renew(&pair.us.node, own, "an analyst").await;
    assert_eq!(made.err().map(|it| it.code()), Some("descriptor-time"));
    assert_eq!(pair.us.descriptor()?.serial, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_channels_leaves_none_without_the_announcement() -> Result<()> {
    let mut pair = pair().await?;
    let next = pair.us.rotated(&SIGNING, OldKeys::Revoked)?;
    let envelope = String::from_utf8(sign(&next, &pair.us.root_key)?.to_json())?;
    let own = comity_exchange::ports::OwnDescriptor {
        serial: 2,
        envelope,
        at: pair.us.node.now(),
        by_file: false,
    };
    // killed here: the descriptor is kept, and nobody was told
    pair.us.node.store().renew_descriptor(own, Vec::new()).await?;
    pair.us.restart().await?;
    assert_eq!(pair.us.announce().await?, 1);
    assert_eq!(pair.us.announce().await?, 0);
    cross(&pair.us, &pair.mx, 1).await
}
