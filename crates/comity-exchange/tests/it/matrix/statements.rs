//! A well-formed statement of every kind, about what is on record and about what is made up.

use comity_model::Digest;
use comity_model::statement::{Binding, PartEntry};
use comity_pouch::dsse::{self, Envelope};
use comity_testkit::conduct::{self, PROPOSAL, Spoken, Target};
use comity_testkit::{AgreementText, Forge, Result, indicator};
use serde_json::{Value, json};

use super::world::World;
use crate::support::matter::salted;

/// The next statement of the partner, or `None` where there is nothing on record for it to speak of.
pub(super) async fn forge(world: &mut World, kind: &str, target: Target) -> Result<Option<Forge>> {
    let there = target != Target::MadeUp;
    if !there || world.targets.is_some() || speaks_of_nothing(kind) {
        let mut forge = match kind {
            "release" => return release(world, there).map(Some),
            "agreement" => return agreement(world, there).map(Some),
            _ => world.wire.forge(kind),
        };
        forge.body = match kind {
            "descriptor" => descriptor(world, there)?,
            "receipt" | "checkpoint" => settlement(world, kind, there).await?,
            _ => body(world, kind, there),
        };
        if kind == "checkpoint" {
            forge.more = ["sequence", "previous"].map(|it| (it.to_owned(), Value::Null)).into();
        }
        if !["receipt", "checkpoint", "purge", "descriptor"].contains(&kind) {
            salted(&mut forge, &format!("What a {kind} says"))?;
        }
        return Ok(Some(forge));
    }
    Ok(None)
}

fn speaks_of_nothing(kind: &str) -> bool {
    let alone = ["run", "match-query", "release", "request", "proposal", "advice", "descriptor"];
    alone.contains(&kind) || ["agreement", "suspension", "termination"].contains(&kind)
}

/// An honest release, or one under a clause that is made up.
fn release(world: &mut World, there: bool) -> Result<Forge> {
    let number = 100 + world.wire.before.len() as u64;
    let mut draft = world.wire.draft(&[indicator(number)])?;
    if !there {
        "nowhere".clone_into(&mut draft.record.clause);
    }
    world.wire.release(&draft, 2)
}

/// The next version, signed by the partner; or one that belongs to another agreement.
fn agreement(world: &mut World, there: bool) -> Result<Forge> {
    let mut terms = AgreementText { version: 2, ..AgreementText::default() };
    if !there {
        "00000000-0000-4000-8000-000000000000".clone_into(&mut terms.id);
    }
    let us = &world.wire.pair.us;
    let text = terms.toml(us.node.root(), world.mx().node.root());
    let digest = Digest::of(text.as_bytes());
    let mut signed = Envelope::unsigned(dsse::AGREEMENT, text.into_bytes())?;
    signed.add_signatures(us.root_key.signer())?;
    let file = signed.to_json();
    let mut forge = world.wire.forge("agreement");
    forge.entries = vec![PartEntry {
        name: "agreement.dsse.json".to_owned(),
        size: file.len() as u64,
        bound_by: Binding::Digest(Digest::of(&file)),
    }];
    forge.parts = vec![("agreement.dsse.json".to_owned(), file)];
    forge.body =
        json!({ "folio": "US-2026-000900", "version": 2, "digest": digest, "activate": false });
    Ok(forge)
}

/// The partner's next descriptor, signed by its root; or another party's.
fn descriptor(world: &World, there: bool) -> Result<Value> {
    let party = if there { &world.wire.pair.us } else { world.mx() };
    let before = party.descriptor()?;
    let issued_at = before.issued_at + jiff::SignedDuration::from_secs(1);
    let next = comity_model::Descriptor { serial: before.serial + 1, issued_at, ..before };
    let envelope = comity_pouch::descriptor::sign(&next, &party.root_key)?.to_json();
    Ok(json!({ "descriptor": String::from_utf8(envelope)? }))
}

/// A receipt for what was not answered yet, or a cosignature over this party's log; or such as speak of what never was.
async fn settlement(world: &World, kind: &str, there: bool) -> Result<Value> {
    let Some(unanswered) = world.targets.as_ref().map(|it| &it.unanswered).filter(|_| there) else {
        return Ok(conduct::settles_nothing(kind, world.wire.mx().now()));
    };
    if kind == "receipt" {
        let entry = json!({
            "sequence": unanswered.sequence, "digest": unanswered.digest,
            "received_at": world.wire.mx().now(), "outcome": "admitted", "admitted": 0, "refused": 0,
        });
        return Ok(json!({ "entries": [entry] }));
    }
    let head = world.wire.mx().store().outbound_head(world.wire.channel().reverse()).await?;
    let (_, note) = head.checkpoint.ok_or("no checkpoint")?;
    let us = &world.wire.pair.us;
    let cosigned = us.node.keys()?.cosign(&note, &us.descriptor()?, us.node.now())?;
    Ok(json!({ "cosigned": cosigned }))
}

/// The body of every other kind.
fn body(world: &World, kind: &str, there: bool) -> Value {
    let targets = world.targets.as_ref().filter(|_| there);
    let spoken = targets.map_or_else(Spoken::made_up, |it| Spoken {
        theirs: it.theirs.0,
        ours: (it.ours.0, it.ours.1.as_str()),
        asked: it.asked.map(|(matter, _)| matter),
        proposal: it.asked[PROPOSAL].1,
    });
    conduct::body(kind, there, &spoken)
}
