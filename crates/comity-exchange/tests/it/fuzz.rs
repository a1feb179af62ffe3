//! Every file that is to convince an outsider, against inputs made from real files: a bounded run of what `fuzz/` does
//! without end. The statements among the seeds of `comity-model` come from here too.

#[path = "../../../../fuzz/bounded/group.rs"]
pub(crate) mod bounded;
#[path = "../../../../fuzz/targets/exchange/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/exchange/tokens.rs"]
mod tokens;

use comity_exchange::access::Reader;
use comity_exchange::audit::{Days, export};
use comity_exchange::evidence::equivocation::Equivocation;
use comity_exchange::evidence::{Evidence, Signed, document};
use comity_model::statement::Kind;
use comity_pouch::Envelope;
use comity_testkit::conduct::{self, Spoken};
use comity_testkit::{Result, pair};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::evidence::twice::{note, twice};
use crate::evidence::{WHOLE, gathered, proven};
use crate::support::Wire;

bounded::each_target! { evidence 300 equivocation 150 audit 400 opening 400 }

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_are_evidence_of_a_release_and_of_its_receipt() -> Result<()> {
    let (pair, file) = proven().await?;
    let evidence = Evidence::parse(&file)?;
    let receipt = evidence.receipt.as_ref().ok_or("no receipt")?.statement.payload.clone();
    let digest = comity_model::Digest::of(receipt.as_bytes()).to_string();
    let of_receipt = gathered(&pair.us, &digest, WHOLE).await?.file;
    let mut seeds = Vec::new();
    for (name, inside, file) in
        [("release", "release-document", &file), ("receipt", "receipt-document", &of_receipt)]
    {
        seeds.push((name, file.clone()));
        seeds.push((inside, document(file).ok_or("no document")?));
    }
    bounded::bless("evidence", &seeds);
    let payloads = [("release", evidence.statement.payload.into_bytes())];
    bounded::bless("statement", &payloads);
    bounded::bless("statement", &[("receipt", receipt.into_bytes())]);

    let day = pair.us.node.now().to_zoned(TimeZone::UTC).date();
    let (_, report) =
        export(&pair.us.node, Days { from: day, until: day }, None, &Reader::named("an auditor"))
            .await?;
    bounded::bless("audit", &[("report", report)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_convict_by_two_statements_and_by_two_checkpoints() -> Result<()> {
    let signed = |envelope: &[u8]| -> Result<Signed> {
        Ok(Signed::of(&Envelope::parse(envelope)?).ok_or("no text")?)
    };
    let (wire, one, other) = twice().await?;
    let us = signed(wire.pair.us.node.record().descriptor.as_bytes())?;
    let two = [signed(&one.envelope)?, signed(&other.envelope)?];
    let statements = Equivocation::of_statements(vec![us.clone()], two).to_bytes();
    let notes = [note(&wire, 5, b"one")?, note(&wire, 5, b"other")?];
    let checkpoints = Equivocation::of_checkpoints(vec![us], notes).to_bytes();
    let inside = document(&statements).ok_or("no document")?;
    bounded::bless("equivocation", &[("statements-document", inside), ("statements", statements)]);
    let inside = document(&checkpoints).ok_or("no document")?;
    bounded::bless(
        "equivocation",
        &[("checkpoints-document", inside), ("checkpoints", checkpoints)],
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_opens_a_commitment() -> Result<()> {
    let pair = pair().await?;
    let file = crate::opening::opened(&pair).await?.file;
    bounded::bless("opening", &[("opening", file)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seeds_are_statements_of_every_kind() -> Result<()> {
    let mut wire = Wire::new().await?;
    for kind in Kind::ALL.iter().filter(|it| **it != Kind::Release) {
        let mut forge = wire.forge(kind.as_str());
        let digest = comity_model::Digest::of(b"the text");
        forge.body = match kind {
            Kind::Receipt | Kind::Checkpoint => {
                conduct::settles_nothing(kind.as_str(), wire.mx().now())
            }
            Kind::Agreement => {
                json!({ "folio": "US-2026-000900", "version": 2, "digest": digest, "activate": false })
            }
            Kind::Descriptor => json!({ "descriptor": "{}" }),
            _ => conduct::body(kind.as_str(), true, &Spoken::made_up()),
        };
        if *kind == Kind::Checkpoint {
            forge.more = ["sequence", "previous"].map(|it| (it.to_owned(), Value::Null)).into();
        }
        let forge = forge.with_text("a text");
        bounded::bless("statement", &[(&format!("forged-{kind}"), forge.payload()?)]);
    }
    Ok(())
}
