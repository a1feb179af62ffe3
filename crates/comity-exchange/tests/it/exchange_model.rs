//! The exchange as a model whose every course is walked: two nodes, pouches that are lost, doubled and late, crashes,
//! amendments and suspensions. The promises hold in every state that can be reached; and for each rule, that a promise is
//! broken as soon as the rule is taken out.
//!
//! What a kind may be said in comes from the code that the nodes run, `comity_model::conduct`.

use stateright::{Checker, HasDiscoveries, Model, Property};

mod state;
mod steps;

use state::{Event, Says, State, THIRD};

/// What happens in a walk. All of it at once has too many courses to walk them all.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one thing happens in a walk")]
struct Scope {
    releases: usize,
    third_party: bool,
    tamper: bool,
    crashes: u8,
    drops: u8,
    amendment: bool,
    suspension: bool,
    termination: bool,
    recall: bool,
    proposal: bool,
}

/// A rule that is taken out, to see that a promise hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoApproval,
    ApprovalOfOtherBytes,
    OldVersion,
    GivesAtRest,
    NoConsent,
    OneSignatureAmends,
    AcknowledgesFromMemory,
    TakesTwice,
    TakesOutOfOrder,
    AcceptedActs,
    AnswersWithoutPurge,
    AnyAnswerIsDone,
}

#[derive(Debug, Clone)]
struct Exchange {
    scope: Scope,
    fault: Option<Fault>,
}

impl Model for Exchange {
    type State = State;
    type Action = Event;

    fn init_states(&self) -> Vec<State> {
        vec![State::begin()]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Event>) {
        self.events(state, actions);
    }

    fn next_state(&self, state: &State, event: Event) -> Option<State> {
        self.after(state, event).filter(|after| after != state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("owner-decides", |_, state: &State| owner_decides(state)),
            Property::always("third-party", |_, state: &State| third_party(state)),
            Property::always("nothing-lost", |_, state: &State| nothing_lost(state)),
            Property::always("operations-unrepresentable", |_, state: &State| !state.acted),
            Property::always("amended-by-both", |_, state: &State| {
                let amended = state.nodes.iter().any(|it| it.version == 2);
                !amended || state.nodes.iter().all(|it| it.signed_amendment)
            }),
            Property::always("recalled", |_, state: &State| {
                let [giver, receiver] = &state.nodes;
                receiver.held & giver.gone == 0
            }),
            Property::sometimes("everything said is settled", |model, state: &State| {
                let [giver, receiver] = &state.nodes;
                let said = giver.log.len() + receiver.log.len();
                said > 1
                    && giver.settles(receiver)
                    && receiver.settles(giver)
                    && state.crashes == model.scope.crashes
            }),
        ]
    }
}

/// Whatever the receiver holds was approved byte for byte, and was given under the version that bound the giver, while
/// the agreement was in force for it.
fn owner_decides(state: &State) -> bool {
    let [giver, receiver] = &state.nodes;
    let sound = giver.log.iter().all(|it| match it.says {
        Says::Release { objects, approved } => {
            approved == Some(objects) && it.version == it.truth.version && !it.truth.at_rest
        }
        _ => true,
    });
    sound && receiver.held & !giver.released() == 0
}

/// What came from a third party is given only while its consent is on record.
fn third_party(state: &State) -> bool {
    state.nodes[0].log.iter().all(|it| match it.says {
        Says::Release { objects, .. } => objects & THIRD == 0 || it.truth.consent,
        _ => true,
    })
}

/// What a node was told to be on the partner's disk is there; what took effect is what was said, in its order, once; and a
/// receipt never says more.
fn nothing_lost(state: &State) -> bool {
    (0..2).all(|number| {
        let (from, to) = (&state.nodes[number], &state.nodes[1 - number]);
        let told = from.log.iter().take(usize::from(from.cursor)).enumerate().all(|(at, said)| {
            to.mirror.get(at) == Some(said)
                || to.spool.iter().any(|it| usize::from(it.sequence) == at && it.statement == *said)
        });
        let releases = to.mirror.iter().filter(|it| matches!(it.says, Says::Release { .. }));
        told && from.log.starts_with(&to.mirror)
            && usize::from(to.admissions) <= releases.count()
            && usize::from(from.settled) <= to.mirror.len()
    })
}

impl state::Node {
    /// Whether everything that asks for a receipt has one.
    fn settles(&self, partner: &Self) -> bool {
        let last = self.log.iter().rposition(|it| !matches!(it.says, Says::Receipt { .. }));
        partner.mirror.len() <= self.log.len()
            && last.is_none_or(|last| usize::from(self.settled) > last)
    }
}

/// The walks: what happens in each.
fn walks() -> Vec<(&'static str, Scope)> {
    vec![
        (
            "two releases, lost and doubled pouches, crashes",
            Scope { releases: 2, crashes: 2, drops: 1, ..Scope::default() },
        ),
        (
            "a release that is changed after approval, a third party's object, consent given and withdrawn",
            Scope {
                releases: 1,
                third_party: true,
                tamper: true,
                crashes: 1,
                drops: 1,
                ..Scope::default()
            },
        ),
        (
            "a release while the agreement is amended",
            Scope { releases: 1, amendment: true, crashes: 1, drops: 1, ..Scope::default() },
        ),
        (
            "a release while either party suspends and lifts",
            Scope { releases: 1, suspension: true, crashes: 1, drops: 1, ..Scope::default() },
        ),
        (
            "a joint operation is proposed, accepted and declined",
            Scope { releases: 1, proposal: true, crashes: 1, drops: 1, ..Scope::default() },
        ),
        (
            "a release that is recalled, which is done or refused",
            Scope { releases: 1, recall: true, crashes: 1, drops: 1, ..Scope::default() },
        ),
        (
            "a release while either party terminates",
            Scope { releases: 1, termination: true, crashes: 1, drops: 1, ..Scope::default() },
        ),
    ]
}

#[test]
fn the_promises_hold_in_every_state_of_the_model() {
    let mut states = 0;
    for (what, scope) in walks() {
        let checker = Exchange { scope, fault: None }.checker().threads(2).spawn_bfs().join();
        println!(
            "model of the exchange: {what}: {} states, {} steps, depth {}",
            checker.unique_state_count(),
            checker.state_count(),
            checker.max_depth()
        );
        checker.assert_properties();
        states += checker.unique_state_count();
    }
    println!("model of the exchange: {states} states in all");
    assert!(states > 10_000, "the walks became trivial: {states} states");
}

#[test]
fn each_rule_taken_out_breaks_the_promise_that_hangs_on_it() {
    let expected = [
        (Fault::NoApproval, 0, "owner-decides"),
        (Fault::ApprovalOfOtherBytes, 1, "owner-decides"),
        (Fault::OldVersion, 2, "owner-decides"),
        (Fault::GivesAtRest, 3, "owner-decides"),
        (Fault::GivesAtRest, 6, "owner-decides"),
        (Fault::NoConsent, 1, "third-party"),
        (Fault::OneSignatureAmends, 2, "amended-by-both"),
        (Fault::AcknowledgesFromMemory, 0, "nothing-lost"),
        (Fault::TakesTwice, 0, "nothing-lost"),
        (Fault::TakesOutOfOrder, 0, "nothing-lost"),
        (Fault::AcceptedActs, 4, "operations-unrepresentable"),
        (Fault::AnswersWithoutPurge, 5, "recalled"),
        (Fault::AnyAnswerIsDone, 5, "recalled"),
        (Fault::TakesOutOfOrder, 5, "recalled"),
    ];
    for (fault, walk, promise) in expected {
        let scope = walks().swap_remove(walk).1;
        let model = Exchange { scope, fault: Some(fault) };
        let until = HasDiscoveries::AllOf([promise].into());
        let checker = model.checker().threads(2).finish_when(until).spawn_bfs().join();
        let broken = checker.discovery(promise);
        assert!(broken.is_some(), "{fault:?} breaks nothing of {promise}");
    }
}
