//! Two stores and what they should say, through any course of releases: compose, approve, seal, sign, deliver, consume,
//! answer and settle, in whatever order people and networks do them.

use comity_exchange::ports::{PublishEffect, PublishInput, ReleaseState, Store};
use comity_model::statement::{Kind, Outcome};
use comity_store::SqliteStore;
use proptest::prelude::*;

use crate::support::{
    approval, arrival, arrival_of, arrived, composition, entry, fresh, make_node, mx, outward,
    publication, seal_of, sign, their_release,
};

#[derive(Debug, Clone)]
enum Act {
    Compose,
    /// By this officer; whether it is enough.
    Approve(usize, u128, bool),
    Seal(usize),
    Sign(usize),
    Deliver(usize),
    Consume(Outcome),
    /// Answers the next so many; whether it cosigns what was consumed.
    Answer(usize, bool),
}

fn act() -> impl Strategy<Value = Act> {
    let outcome =
        prop_oneof![Just(Outcome::Admitted), Just(Outcome::Partial), Just(Outcome::Refused)];
    prop_oneof![
        3 => Just(Act::Compose),
        6 => (0..6_usize, 1..4_u128, any::<bool>()).prop_map(|(it, by, enough)| Act::Approve(it, by, enough)),
        6 => (0..6_usize).prop_map(Act::Seal),
        3 => (1..3_usize).prop_map(Act::Sign),
        3 => (0..6_usize).prop_map(Act::Deliver),
        4 => outcome.prop_map(Act::Consume),
        4 => (0..3_usize, any::<bool>()).prop_map(|(count, cosign)| Act::Answer(count, cosign)),
    ]
}

/// What should be.
#[derive(Default)]
struct Model {
    releases: Vec<Expected>,
    /// The release of each place in the channel.
    places: Vec<usize>,
    signed: usize,
    delivered: usize,
    consumed: Vec<Outcome>,
    answered: usize,
    cosigned: usize,
    receipts: u64,
}

struct Expected {
    state: ReleaseState,
    officers: Vec<u128>,
}

impl Model {
    /// Plays an act on the stores and in the model; what one refuses the other refuses.
    async fn play(&mut self, ours: &SqliteStore, partner: &SqliteStore, act: Act) {
        match act {
            Act::Compose => {
                let number = self.releases.len() as u128 + 1;
                ours.compose(composition(number), vec![]).await.unwrap();
                self.releases.push(Expected { state: ReleaseState::Composed, officers: vec![] });
            }
            Act::Approve(index, by, enough) => self.approve(ours, index, by, enough).await,
            Act::Seal(index) => self.seal(ours, index).await,
            Act::Sign(count) => {
                if self.places.len() > self.signed {
                    let signed = sign(ours, count).await;
                    assert_eq!(signed.len(), count.min(self.places.len() - self.signed));
                    self.signed += signed.len();
                }
            }
            Act::Deliver(reached) => {
                let result = ours.delivered(mx(), reached as u64, vec![]).await;
                assert_eq!(result.is_ok(), reached <= self.signed.max(self.delivered));
                if reached <= self.signed {
                    self.delivered = self.delivered.max(reached);
                    self.raise(ReleaseState::Sealed, self.delivered, ReleaseState::Delivered);
                }
            }
            Act::Consume(outcome) => self.consume(ours, partner, outcome).await,
            Act::Answer(count, cosign) => self.answer(ours, partner, count, cosign).await,
        }
    }

    async fn approve(&mut self, ours: &SqliteStore, index: usize, by: u128, enough: bool) {
        let Some(expected) = self.releases.get_mut(index) else { return };
        let id = composition(index as u128 + 1).template.record.release;
        let digest = ours.release(id).await.unwrap().unwrap().digest;
        let state = if enough { ReleaseState::Approved } else { ReleaseState::Composed };
        let required = if enough { 1 } else { u32::MAX };
        let result = ours.approve(id, digest, approval(by), required, vec![]).await;
        let open = expected.state <= ReleaseState::Approved && !expected.officers.contains(&by);
        assert_eq!(result.is_ok(), open);
        if open {
            expected.officers.push(by);
            expected.state = expected.state.max(state);
            assert_eq!(result.unwrap(), expected.state);
        }
    }

    async fn seal(&mut self, ours: &SqliteStore, index: usize) {
        let Some(expected) = self.releases.get_mut(index) else { return };
        let id = composition(index as u128 + 1).template.record.release;
        let release = ours.release(id).await.unwrap().unwrap();
        let result = ours.seal(seal_of(&release, index as u128 + 1)).await;
        assert_eq!(result.is_ok(), expected.state == ReleaseState::Approved);
        if let Ok(row) = result {
            assert_eq!(row.sequence, Some(self.places.len() as u64));
            expected.state = ReleaseState::Sealed;
            self.places.push(index);
        }
    }

    async fn consume(&mut self, ours: &SqliteStore, partner: &SqliteStore, outcome: Outcome) {
        let place = self.consumed.len();
        let outbox = ours.outbox(mx(), place as u64, 1).await.unwrap();
        assert_eq!(outbox.is_empty(), place >= self.signed);
        let Some(row) = outbox.first() else { return };
        let pouch = arrived(partner, &format!("pouch {place}")).await;
        let effect = match outcome {
            Outcome::Refused => PublishEffect::Nothing,
            _ => their_release(u32::try_from(place).unwrap() + 1),
        };
        let receipt = Some(entry(place as u64, row.digest, outcome));
        let input = publication(pouch, arrival_of(row), effect);
        partner.publish(PublishInput { receipt, ..input }).await.unwrap();
        self.consumed.push(outcome);
    }

    async fn answer(
        &mut self,
        ours: &SqliteStore,
        partner: &SqliteStore,
        count: usize,
        cosign: bool,
    ) {
        let due = partner.receipts_due(outward(), 1_000).await.unwrap();
        assert_eq!(due.len(), self.consumed.len());
        let end = (self.answered + count).min(self.consumed.len());
        let entries = due[self.answered..end].to_vec();
        let cosigned = cosign.then(|| (self.consumed.len() as u64, "note".to_owned()));
        if self.places.is_empty() {
            return;
        }
        let effect = PublishEffect::Settle { channel: outward(), entries, cosigned };
        let pouch = arrived(ours, &format!("receipt {}", self.receipts)).await;
        let input = publication(pouch, arrival(self.receipts, Kind::Receipt), effect);
        ours.publish(input).await.unwrap();
        self.receipts += 1;
        self.answered = end;
        if cosign {
            self.cosigned = self.consumed.len();
        }
        for place in 0..end {
            let state = &mut self.releases[self.places[place]].state;
            *state = (*state).max(ReleaseState::Receipted);
            if place < self.cosigned {
                *state = match self.consumed[place] {
                    Outcome::Admitted => ReleaseState::Settled,
                    Outcome::Partial => ReleaseState::SettledPartial,
                    Outcome::Refused => ReleaseState::Refused,
                };
            }
        }
    }

    /// Raises the releases of the first `places` places that are in one state to another.
    fn raise(&mut self, from: ReleaseState, places: usize, to: ReleaseState) {
        for place in self.places.iter().take(places) {
            let state = &mut self.releases[*place].state;
            if *state == from {
                *state = to;
            }
        }
    }

    async fn compare(&self, ours: &SqliteStore, partner: &SqliteStore) {
        let states: Vec<ReleaseState> =
            ours.releases(1_000).await.unwrap().iter().rev().map(|it| it.state).collect();
        let expected: Vec<ReleaseState> = self.releases.iter().map(|it| it.state).collect();
        assert_eq!(states, expected);
        let mine = ours.figures(outward()).await.unwrap();
        let theirs = partner.figures(outward()).await.unwrap();
        assert_eq!(mine.statements, self.places.len() as u64);
        assert_eq!(mine.cosigned, self.cosigned as u64);
        assert_eq!(theirs.statements, self.consumed.len() as u64);
        if mine.statements == theirs.statements {
            assert_eq!(mine.root, theirs.root);
        }
        let view = ours.outbox_view(mx()).await.unwrap();
        assert_eq!((view.cursor, view.last), (self.delivered as u64, self.places.len() as u64));
        let open = expected
            .iter()
            .filter(|it| (ReleaseState::Sealed..=ReleaseState::Receipted).contains(it));
        assert_eq!(view.unsettled, open.count() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_course_of_releases_ends_where_it_should(acts in proptest::collection::vec(act(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (ours, partner) = (fresh(), fresh());
            make_node(&ours.store).await;
            let mut model = Model::default();
            for act in acts {
                model.play(&ours.store, &partner.store, act).await;
                model.compare(&ours.store, &partner.store).await;
            }
        });
    }
}
