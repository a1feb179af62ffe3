//! Two parties speak at the same moment: both end with the same matters, in the same order.

use std::time::Duration;

use comity_exchange::acknowledge::acknowledge;
use comity_exchange::admit::take_in;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::matter::{Say, find, say, unnumbered};
use comity_exchange::ports::{MatterQuery, MatterRow};
use comity_exchange::request::{Answer, answer, ask, clarify};
use comity_exchange::{ExchangeError, agreement};
use comity_model::matter::{
    AdviceAct, AdviceBody, AdviceTopic, AnswerOutcome, ClarificationAct, Stage,
};
use comity_model::{MatterId, MatterKind};
use comity_testkit::{Faults, LoopCourier, Pair, Party, Result, pair, pair_with, pump};
use jiff::SignedDuration;
use proptest::prelude::*;

use crate::reciprocity::{both, settle};
use crate::requests::{matter_of, reply, terms, wish};

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_crosses_a_withdrawal_stands_on_both_sides() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let sealed = ask(&pair.us.node, wish(&pair.mx)).await?;
    pump(&pair.us, &pair.mx).await?;
    let id = matter_of(&pair.us, &sealed).await?.id.to_string();
    clarify(&pair.us.node, &id, ClarificationAct::Withdraw, None, "an analyst").await?;
    answer(&pair.mx.node, &id, reply(AnswerOutcome::Complete, &[], "in-answer")).await?;
    pump(&pair.us, &pair.mx).await?;
    for party in [&pair.us, &pair.mx] {
        let row = find(&party.node, &id, &[MatterKind::Request]).await?;
        assert_eq!((row.stage(), row.said().len()), (Stage::Answered, 2));
    }
    assert_eq!(all(&pair.us).await?, all(&pair.mx).await?);
    // the withdrawal was said and refused: it stays to be read
    let row = find(&pair.us.node, &id, &[MatterKind::Request]).await?;
    assert_eq!(row.entries.iter().filter(|it| it.refused).count(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_crosses_a_withdrawal_comes_before_it_on_both_sides() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let sealed = ask(&pair.us.node, wish(&pair.mx)).await?;
    pump(&pair.us, &pair.mx).await?;
    let id = matter_of(&pair.us, &sealed).await?.id.to_string();
    clarify(&pair.us.node, &id, ClarificationAct::Withdraw, None, "an analyst").await?;
    let which = Some("Which port?".to_owned());
    clarify(&pair.mx.node, &id, ClarificationAct::Ask, which, "an analyst").await?;
    pump(&pair.us, &pair.mx).await?;
    for party in [&pair.us, &pair.mx] {
        let row = find(&party.node, &id, &[MatterKind::Request]).await?;
        assert_eq!((row.stage(), row.said().len()), (Stage::Withdrawn, 3));
    }
    assert_eq!(all(&pair.us).await?, all(&pair.mx).await?);
    Ok(())
}

/// Every matter of a party that the partner took, by id.
async fn all(party: &Party) -> Result<Vec<(MatterId, Stage, String)>> {
    let query = MatterQuery { limit: 1_000, ..MatterQuery::default() };
    let mut rows = party.node.store().matters(query).await?;
    rows.retain(|row| row.stage() != Stage::NotTaken);
    let open = party
        .node
        .store()
        .matters(MatterQuery { open: Some(true), limit: 1_000, ..MatterQuery::default() })
        .await?;
    for row in &rows {
        let listed = open.iter().any(|it| it.id == row.id);
        assert_eq!(listed, !row.stage().is_closed(), "lists say what the rules say");
    }
    let view = |row: MatterRow| (row.id, row.stage(), format!("{:?}", row.said()));
    let mut all: Vec<_> = rows.into_iter().map(view).collect();
    all.sort_by_key(|(id, ..)| *id);
    Ok(all)
}

/// Something that happens.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// A party says its nth possible thing in one of its matters; what does not follow is refused.
    Say { us: bool, what: u8, matter: u8 },
    /// What a party sealed arrives at the other.
    Deliver { us: bool },
    /// A party takes in what arrived.
    TakeIn { us: bool },
    /// A party answers with receipts.
    Acknowledge { us: bool },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![1 => Just(0_u8), 9 => 1..8_u8, 4 => 8..14_u8];
    let said = (any::<bool>(), what, any::<u8>());
    let step = prop_oneof![
        16 => said.prop_map(|(us, what, matter)| Step::Say { us, what, matter }),
        2 => any::<bool>().prop_map(|us| Step::Deliver { us }),
        2 => any::<bool>().prop_map(|us| Step::TakeIn { us }),
        1 => any::<bool>().prop_map(|us| Step::Acknowledge { us }),
    ];
    proptest::collection::vec(step, 8..48)
}

async fn speak(from: &Party, to: &Party, what: u8, which: u8) -> Result<(), ExchangeError> {
    let query = MatterQuery { limit: 100, ..MatterQuery::default() };
    let rows = from.node.store().matters(query).await?;
    let row = rows.get(usize::from(which) % rows.len().max(1));
    let of = |kind| row.filter(|it| it.id.kind() == kind).map(|it| it.id);
    let request = of(MatterKind::Request).map(|id| id.to_string()).unwrap_or_default();
    let text = || Some("A text".to_owned());
    let outcome = match what {
        0 => return ask(&from.node, wish(to)).await.map(drop),
        1..=4 => Some(AnswerOutcome::ALL[usize::from(what) - 1]),
        _ => None,
    };
    if let Some(outcome) = outcome {
        let said = Answer { reasons: Vec::new(), ..reply(outcome, &[], "") };
        return answer(&from.node, &request, said).await.map(drop);
    }
    if let 5..=7 = what {
        let act = ClarificationAct::ALL[usize::from(what) - 5];
        return clarify(&from.node, &request, act, text(), "an analyst").await.map(drop);
    }
    let act = AdviceAct::ALL[usize::from(what) - 8];
    let opens =
        matches!(act, AdviceAct::Ask | AdviceAct::Offer) || of(MatterKind::Advice).is_none();
    let fresh = || {
        MatterId::new(MatterKind::Advice, comity_model::entropy::fresh_uuid(&**from.node.entropy()))
    };
    let advice = if opens { fresh() } else { of(MatterKind::Advice).unwrap_or_else(fresh) };
    let body = AdviceBody {
        advice,
        folio: unnumbered(&from.node),
        act,
        topic: AdviceTopic::ReferenceTable,
        about: None,
    };
    let standing = agreement::in_force(&from.node, to.node.root(), from.node.now()).await?;
    let said = Say {
        body: body.into(),
        text: text(),
        attachments: Vec::new(),
        event: "advice-said",
        details: serde_json::json!({}),
        by: "an analyst".to_owned(),
    };
    say(&from.node, &standing, said).await.map(drop)
}

async fn play(pair: &Pair, steps: &[Step]) -> Result<()> {
    let mut states = [DispatchState::default(), DispatchState::default()];
    // something to talk about from the start
    for _ in 0..3 {
        ask(&pair.us.node, wish(&pair.mx)).await?;
        ask(&pair.mx.node, wish(&pair.us)).await?;
    }
    pump(&pair.us, &pair.mx).await?;
    for step in steps {
        pair.clock.advance(SignedDuration::from_secs(1));
        let sides = |us| if us { (&pair.us, &pair.mx) } else { (&pair.mx, &pair.us) };
        match *step {
            Step::Say { us, what, matter } => {
                let (from, to) = sides(us);
                match speak(from, to, what, matter).await {
                    Ok(())
                    | Err(
                        ExchangeError::Refused { .. }
                        | ExchangeError::Input { .. }
                        | ExchangeError::NotFound { .. },
                    ) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            Step::Deliver { us } => {
                let (from, to) = sides(us);
                let courier = LoopCourier::new(from, to);
                dispatch(&from.node, &courier, to.node.root(), &mut states[usize::from(us)])
                    .await?;
            }
            Step::TakeIn { us } => drop(take_in(&sides(us).0.node).await?),
            Step::Acknowledge { us } => {
                acknowledge(&sides(us).0.node, Duration::from_mins(1)).await?;
            }
        }
    }
    pump(&pair.us, &pair.mx).await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_said_and_however_it_arrives_both_sides_have_the_same_matters_and_figures(
        steps in steps(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let (us, mx) = runtime.block_on(async {
            let pair = pair().await.unwrap();
            play(&pair, &steps).await.unwrap();
            settle(&pair, Faults::default()).await.unwrap();
            both(&pair).await.unwrap();
            (all(&pair.us).await.unwrap(), all(&pair.mx).await.unwrap())
        });
        prop_assert_eq!(us, mx);
    }
}
