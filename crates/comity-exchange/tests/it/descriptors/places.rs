//! Any order of statements, rotations, deliveries and restarts, against a model: a list of (sequence, serial).

use comity_exchange::descriptor::in_force;
use comity_model::descriptor::KeyUse;
use comity_testkit::{OldKeys, Result, pair, pump};
use proptest::prelude::*;

use super::{give, held, out};

#[derive(Debug, Clone)]
enum Step {
    Say,
    Rotate(Vec<KeyUse>, bool),
    Deliver,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let uses = proptest::sample::subsequence(
        vec![KeyUse::Statement, KeyUse::Log, KeyUse::Witness, KeyUse::Seal],
        1..=4,
    );
    prop_oneof![
        3 => Just(Step::Say),
        2 => (uses, any::<bool>()).prop_map(|(uses, revoke)| Step::Rotate(uses, revoke)),
        2 => Just(Step::Deliver),
        1 => Just(Step::Restart),
    ]
}

async fn play(steps: Vec<Step>) -> Result<()> {
    let mut pair = pair().await?;
    let channel = out(&pair).await?;
    // from which sequence on which serial judges
    let (mut model, mut said) = (vec![(0, 1)], 0);
    for step in steps {
        match step {
            Step::Say => {
                said += 1;
                give(&pair.us, &pair.mx, said).await?;
            }
            Step::Rotate(uses, revoke) => {
                let old = if revoke { OldKeys::Revoked } else { OldKeys::Overlap };
                let renewal = pair.us.rotate(&uses, old).await?;
                let at = renewal.announced.first().and_then(|it| it.sequence).ok_or("untold")?;
                model.push((at + 1, renewal.serial));
            }
            Step::Deliver => pump(&pair.us, &pair.mx).await?,
            Step::Restart => pair.us.restart().await?,
        }
    }
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(held(&pair.mx).await?, said, "a release was not taken in");
    let next = pair.us.node.store().outbound_head(channel).await?.next;
    for sequence in 0..=next {
        let expected = model.iter().rev().find(|(since, _)| *since <= sequence);
        let expected = expected.ok_or("the model has no beginning")?.1;
        for node in [&pair.us.node, &pair.mx.node] {
            assert_eq!(in_force(node, channel, sequence).await?.serial, expected, "at {sequence}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_any_order_every_place_is_judged_by_the_descriptor_in_force_there(
        steps in proptest::collection::vec(step(), 1..10),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(play(steps)).unwrap();
    }
}
