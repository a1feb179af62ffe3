//! Two texts of one version: a party signs one of them and no other, so that no two nodes deem different texts in force,
//! and a higher version is the way out.

use comity_exchange::agreement::{self, activate, in_force, send};
use comity_exchange::compose::Selection;
use comity_exchange::ports::AgreementRecord;
use comity_model::Digest;
use comity_model::conduct::Heard;
use comity_pouch::dsse::{self, Envelope};
use comity_testkit::{
    AgreementText, CLAUSE, OTHER_CLAUSE, Party, Result, indicators, pair, pump, sign,
};
use proptest::prelude::*;

use crate::agreements::strangers;

/// The text of a version; each letter has other terms.
fn text(us: &Party, mx: &Party, version: u32, letter: u8) -> String {
    let terms = AgreementText { version, ..AgreementText::default() };
    let text = terms.toml(us.node.root(), mx.node.root());
    text.replace("retention_days = ", &format!("retention_days = {letter}"))
}

/// The same, binding as soon as both signed it.
fn binding(us: &Party, mx: &Party, version: u32) -> String {
    let line = format!("version = {version}");
    text(us, mx, version, 9).replace(&line, &format!("{line}\nbinds = \"signatures\""))
}

async fn signs(party: &Party, text: &str) -> Result<AgreementRecord, String> {
    agreement::sign(&party.node, text, "text", &party.root_key, "an analyst")
        .await
        .map_err(|error| error.code().to_owned())
}

async fn takes(party: &Party, file: &AgreementRecord) -> Result<AgreementRecord, String> {
    agreement::import(&party.node, file.envelope.as_bytes(), "file", "an analyst")
        .await
        .map_err(|error| error.code().to_owned())
}

async fn deems(party: &Party, partner: &Party) -> Option<(u32, Digest)> {
    let standing = in_force(&party.node, partner.node.root(), party.node.now()).await.ok()?;
    Some((standing.reference.version, standing.reference.digest))
}

/// What one gives under the text that both deem in force, the other takes in.
async fn crosses(us: &Party, mx: &Party, number: u64) -> Result<()> {
    us.hold(&indicators(number..number + 1)).await?;
    let what = Selection::Ids(vec![crate::support::line::id_of(number)]);
    let clause = if us.node.record().handle.as_str() == "us" { CLAUSE } else { OTHER_CLAUSE };
    let given = us.release(mx, clause, what, 1).await?;
    pump(us, mx).await?;
    let row = mx.node.store().inbox_row(given.digest).await?.ok_or("not taken in")?;
    assert_eq!((row.receipt.admitted, row.receipt.code), (1, None));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_that_cross_are_both_refused_and_a_higher_version_by_file_is_the_way_out()
-> Result<()> {
    let (us, mx) = strangers().await?;
    let ours = signs(&us, &text(&us, &mx, 1, 1)).await?;
    let theirs = signs(&mx, &text(&us, &mx, 1, 2)).await?;
    let before = us.node.store().agreements().await?;
    let refused = agreement::sign(&us.node, &theirs.text, "text", &us.root_key, "an analyst")
        .await
        .unwrap_err();
    let message = refused.to_string();
    for named in [ours.reference.digest, theirs.reference.digest] {
        assert!(message.contains(&named.to_string()), "{message}");
    }
    assert!(message.contains("higher `version`"), "{message}");
    let code = Err("agreement-signed-otherwise".to_owned());
    assert_eq!(signs(&us, &theirs.text).await, code);
    assert_eq!(takes(&us, &theirs).await, code);
    assert_eq!(signs(&mx, &ours.text).await, code);
    assert_eq!(takes(&mx, &ours).await, code);
    assert_eq!(us.node.store().agreements().await?, before);

    sign(&us, &mx, &text(&us, &mx, 2, 3)).await?;
    assert_eq!(
        (deems(&us, &mx).await, deems(&mx, &us).await),
        (None, None),
        "nothing activates it"
    );
    sign(&us, &mx, &binding(&us, &mx, 3)).await?;
    let in_force = deems(&us, &mx).await;
    assert_eq!(in_force.map(|it| it.0), Some(3));
    assert_eq!(deems(&mx, &us).await, in_force);
    crosses(&us, &mx, 1).await?;
    crosses(&mx, &us, 2).await?;
    sign(&us, &mx, &text(&us, &mx, 4, 4)).await?;
    activate(&us.node, before[0].reference.id, 4, "an analyst").await?;
    pump(&us, &mx).await?;
    assert_eq!(deems(&mx, &us).await.map(|it| it.0), Some(4), "amendments go on from it");
    crosses(&us, &mx, 3).await
}

#[tokio::test(flavor = "multi_thread")]
async fn amendments_that_cross_are_both_refused_and_the_next_version_is_the_way_out() -> Result<()>
{
    let pair = pair().await?;
    let (us, mx) = (&pair.us, &pair.mx);
    let ours = signs(us, &text(us, mx, 2, 1)).await?;
    signs(mx, &text(us, mx, 2, 2)).await?;
    let id = ours.reference.id;
    send(&us.node, id, 2, "an analyst").await?;
    pump(us, mx).await?;
    let said = us.node.store().agreement_events(id).await?;
    assert_eq!(said[0].heard, Heard::Refused);
    let row = us.node.store().outbound(said[0].statement).await?.ok_or("no statement")?;
    let code = row.receipt.and_then(|it| it.code);
    assert_eq!(code.as_deref(), Some("agreement-signed-otherwise"));
    assert_eq!(activate(&us.node, id, 2, "x").await.unwrap_err().code(), "agreement-unsigned");

    sign(us, mx, &text(us, mx, 3, 3)).await?;
    activate(&mx.node, id, 3, "an analyst").await?;
    pump(us, mx).await?;
    assert_eq!(deems(us, mx).await.map(|it| it.0), Some(3));
    assert_eq!(deems(mx, us).await, deems(us, mx).await);
    crosses(us, mx, 4).await
}

/// A file that both signed, whatever their nodes would have let them do.
fn both(us: &Party, mx: &Party, text: &str) -> Result<Vec<u8>> {
    let mut envelope = Envelope::unsigned(dsse::AGREEMENT, text.as_bytes().to_vec())?;
    envelope.add_signatures(us.root_key.signer())?;
    envelope.add_signatures(mx.root_key.signer())?;
    Ok(envelope.to_json())
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_that_stand_with_different_texts_are_mended_by_a_higher_version() -> Result<()> {
    let (us, mx) = strangers().await?;
    for (party, letter) in [(&us, 1), (&mx, 2)] {
        let file = both(&us, &mx, &text(&us, &mx, 1, letter))?;
        agreement::import(&party.node, &file, "file", "an analyst").await?;
    }
    us.hold(&indicators(100..101)).await?;
    let what = Selection::Type("indicator".to_owned());
    let lost = us.release(&mx, CLAUSE, what, 1).await?;
    pump(&us, &mx).await?;
    assert!(mx.node.store().inbox_row(lost.digest).await?.is_none(), "it cites another text");

    sign(&us, &mx, &binding(&us, &mx, 2)).await?;
    assert_eq!(deems(&us, &mx).await, deems(&mx, &us).await);
    pump(&us, &mx).await?;
    crosses(&us, &mx, 5).await?;
    let row = mx.node.store().inbox_row(lost.digest).await?.ok_or("it stands in the way")?;
    assert_eq!(row.receipt.code.as_deref(), Some("agreement-superseded"));
    crosses(&mx, &us, 6).await
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Signs a text of its own making.
    Sign(u8),
    /// Takes in one of the files that the other ever gave away.
    Take(usize),
    /// Takes one in and signs what stands in it.
    Countersign(usize),
    Send,
    Activate,
    Pump,
}

/// One party, and what it does; what is refused is refused.
fn steps() -> impl Strategy<Value = Vec<(bool, Step)>> {
    let step = prop_oneof![
        4 => (1..3u8).prop_map(Step::Sign),
        1 => (0..3usize).prop_map(Step::Take),
        5 => (0..3usize).prop_map(Step::Countersign),
        1 => Just(Step::Send),
        1 => Just(Step::Activate),
        1 => Just(Step::Pump),
    ];
    proptest::collection::vec((any::<bool>(), step), 4..14)
}

async fn play(us: &Party, mx: &Party, version: u32, steps: Vec<(bool, Step)>) -> Result<()> {
    let of = async |party: &Party| -> Result<Option<AgreementRecord>> {
        let all = party.node.store().agreements().await?;
        Ok(all.into_iter().find(|it| it.reference.version == version))
    };
    // every file that a party ever had in its hands may still be on its way
    let mut files: [Vec<AgreementRecord>; 2] = [Vec::new(), Vec::new()];
    for (first, step) in steps {
        let (party, others) = if first { (us, &files[1]) } else { (mx, &files[0]) };
        let id = party.node.store().agreements().await?.first().map(|it| it.reference.id);
        match step {
            Step::Sign(letter) => {
                let _ = signs(party, &text(us, mx, version, letter)).await;
            }
            Step::Take(number) | Step::Countersign(number) => {
                let Some(file) = others.get(number) else { continue };
                let taken = takes(party, file).await.is_ok();
                if taken && matches!(step, Step::Countersign(_)) {
                    let _ = signs(party, &file.text).await;
                }
            }
            Step::Send | Step::Activate => {
                let Some(id) = id else { continue };
                let _ = match step {
                    Step::Send => send(&party.node, id, version, "an analyst").await,
                    _ => activate(&party.node, id, version, "an analyst").await,
                };
            }
            Step::Pump => pump(us, mx).await?,
        }
        for (party, files) in [us, mx].into_iter().zip(&mut files) {
            if let Some(file) = of(party).await?
                && files.last() != Some(&file)
            {
                files.push(file);
            }
        }
    }
    for (party, others) in [(us, &files[1]), (mx, &files[0])] {
        for file in others {
            let _ = takes(party, file).await;
        }
    }
    pump(us, mx).await?;
    let complete = [of(us).await?, of(mx).await?].map(|it| it.filter(|it| it.complete));
    if let [Some(here), Some(there)] = &complete {
        assert_eq!(here.reference, there.reference);
    }
    let (here, there) = (deems(us, mx).await, deems(mx, us).await);
    if let (Some(here), Some(there)) = (here, there) {
        assert_eq!(here, there);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_two_parties_do_with_two_texts_no_two_nodes_deem_different_ones_in_force(
        draft in any::<bool>(),
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let played: Result<()> = runtime.block_on(async {
            if draft {
                let (us, mx) = strangers().await?;
                return play(&us, &mx, 1, steps).await;
            }
            let pair = pair().await?;
            play(&pair.us, &pair.mx, 2, steps).await
        });
        played.unwrap();
    }
}
