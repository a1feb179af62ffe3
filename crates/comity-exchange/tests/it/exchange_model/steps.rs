//! The rules: when something can happen, and what it changes. A [`Fault`] takes one rule out.

use comity_model::conduct::{self, Phase};
use comity_model::statement::Kind;

use super::state::{Draft, Event, Node, OWN, Packet, Says, State, Statement, THIRD, Truth};
use super::{Exchange, Fault};

impl Exchange {
    /// Everything that can happen.
    pub(super) fn events(&self, state: &State, events: &mut Vec<Event>) {
        let scope = &self.scope;
        let [giver, receiver] = &state.nodes;
        if scope.releases > giver.drafts.len() {
            events.push(Event::Compose(OWN));
            if scope.third_party {
                events.push(Event::Compose(OWN | THIRD));
            }
        }
        for (number, draft) in giver.drafts.iter().enumerate().filter(|(_, it)| !it.sealed) {
            if scope.tamper && !state.tampered && draft.objects == OWN {
                events.push(Event::Tamper(number));
            }
            if draft.approved != Some(draft.objects) {
                events.push(Event::Approve(number));
            }
            events.push(Event::Seal(number));
        }
        if scope.third_party {
            events.push(Event::Consent(!state.consent));
        }
        for number in 0..2 {
            self.events_of(state, number, events);
        }
        if scope.proposal && giver.log.iter().all(|it| it.says != Says::Proposal) {
            events.push(Event::Propose);
        }
        if scope.recall && giver.recalls() == 0 && giver.released() != 0 {
            events.push(Event::Recall);
        }
        if receiver.asked_back != 0 {
            events.extend([Event::AnswerRecall(true), Event::AnswerRecall(false)]);
        }
        if receiver.open_proposal {
            events.extend([Event::Decide(true), Event::Decide(false)]);
        }
        for packet in &state.wire {
            events.push(Event::Arrive(packet.clone()));
            if state.drops < scope.drops {
                events.push(Event::Drop(packet.clone()));
            }
        }
    }

    fn events_of(&self, state: &State, number: usize, events: &mut Vec<Event>) {
        let (node, scope) = (&state.nodes[number], &self.scope);
        if usize::from(node.signed) < node.log.len() {
            events.push(Event::Sign(number));
        }
        if node.cursor < node.signed {
            events.extend([Event::Dispatch(number), Event::Confirm(number)]);
        }
        events.extend(node.memory.iter().map(|it| Event::Persist(number, it.clone())));
        if !node.spool.is_empty() {
            events.push(Event::Consume(number));
        }
        if node.unanswered() {
            events.push(Event::Answer(number));
        }
        if state.crashes < scope.crashes && !node.memory.is_empty() {
            events.push(Event::Crash(number));
        }
        if scope.amendment {
            if !node.signed_amendment {
                events.push(Event::SignAmendment(number));
            }
            if node.version == 1 {
                events.push(Event::Activate(number));
            }
        }
        if scope.suspension {
            let suspends = |it: &Statement| it.says == Says::Suspend;
            if node.suspended[number] {
                events.push(Event::Lift(number));
            } else if !state.nodes.iter().any(|it| it.log.iter().any(suspends)) {
                events.push(Event::Suspend(number));
            }
        }
        if scope.termination && !node.terminated {
            events.push(Event::Terminate(number));
        }
    }

    /// What an event changes; `None` where a rule forbids it.
    pub(super) fn after(&self, before: &State, event: Event) -> Option<State> {
        let mut state = before.clone();
        match event {
            Event::Compose(objects) => {
                let version = state.nodes[0].version;
                let draft = Draft { objects, version, approved: None, sealed: false };
                state.nodes[0].drafts.push(draft);
            }
            Event::Tamper(draft) => {
                state.nodes[0].drafts[draft].objects |= THIRD;
                state.tampered = true;
            }
            Event::Approve(draft) => {
                let draft = &mut state.nodes[0].drafts[draft];
                draft.approved = Some(draft.objects);
            }
            Event::Seal(draft) => self.seal(&mut state, draft)?,
            Event::Consent(given) => state.consent = given,
            Event::Sign(number) => {
                let node = &mut state.nodes[number];
                node.signed = u8::try_from(node.log.len()).ok()?;
            }
            Event::Dispatch(number) => {
                let node = &state.nodes[number];
                let statement = node.log[usize::from(node.cursor)].clone();
                let packet = Packet { to: 1 - number, sequence: node.cursor, statement };
                state.wire.insert(packet);
            }
            Event::Arrive(packet) => {
                let node = &mut state.nodes[packet.to];
                if node.has(&packet) {
                    return None;
                }
                node.memory.insert(packet);
            }
            Event::Persist(number, packet) => {
                let node = &mut state.nodes[number];
                node.memory.remove(&packet);
                node.spool.insert(packet);
            }
            Event::Confirm(number) => {
                let packet = state.nodes[number].packet(1 - number);
                let partner = &state.nodes[1 - number];
                let told = partner.is_durable(&packet)
                    || (self.fault == Some(Fault::AcknowledgesFromMemory)
                        && partner.memory.contains(&packet));
                if !told {
                    return None;
                }
                state.nodes[number].cursor += 1;
            }
            Event::Drop(packet) => {
                state.wire.remove(&packet);
                state.drops += 1;
            }
            Event::Consume(number) => self.consume(&mut state, number)?,
            Event::Answer(number) => {
                let upto = u8::try_from(state.nodes[number].mirror.len()).ok()?;
                say(&mut state, number, Says::Receipt { upto })?;
                state.nodes[number].answered = upto;
            }
            Event::Crash(number) => {
                state.nodes[number].memory.clear();
                state.crashes += 1;
            }
            Event::SignAmendment(number) => state.nodes[number].signed_amendment = true,
            Event::Activate(number) => {
                let both = state.nodes.iter().all(|it| it.signed_amendment);
                if !both && self.fault != Some(Fault::OneSignatureAmends) {
                    return None;
                }
                say(&mut state, number, Says::Activate)?;
                state.nodes[number].version = 2;
            }
            Event::Suspend(number) => {
                say(&mut state, number, Says::Suspend)?;
                state.nodes[number].suspended[number] = true;
            }
            Event::Lift(number) => {
                say(&mut state, number, Says::Lift)?;
                state.nodes[number].suspended[number] = false;
            }
            Event::Terminate(number) => {
                say(&mut state, number, Says::Terminate)?;
                state.nodes[number].terminated = true;
            }
            Event::Recall => {
                let objects = state.nodes[0].released();
                say(&mut state, 0, Says::Recall { objects })?;
            }
            Event::AnswerRecall(done) => {
                let objects = state.nodes[1].asked_back;
                say(&mut state, 1, Says::RecallAnswer { objects, done })?;
                let node = &mut state.nodes[1];
                node.asked_back = 0;
                if done && self.fault != Some(Fault::AnswersWithoutPurge) {
                    node.held &= !objects;
                }
            }
            Event::Propose => say(&mut state, 0, Says::Proposal)?,
            Event::Decide(accepted) => {
                say(&mut state, 1, Says::Decision { accepted })?;
                state.nodes[1].open_proposal = false;
            }
        }
        Some(state)
    }

    /// Seals a draft: approval, version, agreement and consent are asked again.
    fn seal(&self, state: &mut State, number: usize) -> Option<()> {
        let node = &state.nodes[0];
        let draft = node.drafts.get(number)?;
        let fault = |it| self.fault == Some(it);
        let approved = match draft.approved {
            Some(approved) => approved == draft.objects || fault(Fault::ApprovalOfOtherBytes),
            None => fault(Fault::NoApproval),
        };
        let version = draft.version == node.version || fault(Fault::OldVersion);
        let consent = draft.objects & THIRD == 0 || state.consent || fault(Fault::NoConsent);
        if !approved || !version || !consent {
            return None;
        }
        let says = Says::Release { objects: draft.objects, approved: draft.approved };
        let cites = draft.version;
        if !fault(Fault::GivesAtRest) {
            may(node, &says)?;
        }
        push(state, 0, says, cites);
        state.nodes[0].drafts[number].sealed = true;
        Some(())
    }

    /// Takes in the statement whose turn it is. It uses its place whether or not it has an effect.
    fn consume(&self, state: &mut State, number: usize) -> Option<()> {
        let node = &mut state.nodes[number];
        let at = node.mirror.len();
        let out_of_order = self.fault == Some(Fault::TakesOutOfOrder);
        let is_next = |it: &&Packet| usize::from(it.sequence) == at || out_of_order;
        let packet = node.spool.iter().rfind(is_next)?.clone();
        if self.fault != Some(Fault::TakesTwice) || node.admissions > 1 {
            node.spool.remove(&packet);
        }
        let Statement { says, version, .. } = packet.statement.clone();
        let superseded = node.mirror.iter().any(|it| it.version > version);
        match says {
            Says::Release { objects, approved } => {
                let holds =
                    approved == Some(objects) || self.fault == Some(Fault::ApprovalOfOtherBytes);
                if !superseded && (holds || self.fault == Some(Fault::NoApproval)) {
                    node.held |= objects;
                    node.admissions += 1;
                }
                if self.fault == Some(Fault::TakesTwice) && node.admissions == 1 {
                    return Some(());
                }
            }
            Says::Receipt { upto } => node.settled = node.settled.max(upto),
            Says::Proposal => node.open_proposal = true,
            Says::Decision { accepted } => {
                let before = node.clone();
                if accepted && self.fault == Some(Fault::AcceptedActs) {
                    node.version = 2;
                }
                state.acted |= *node != before;
            }
            Says::Activate => node.version = 2,
            Says::Suspend => node.suspended[1 - number] = true,
            Says::Lift => node.suspended[1 - number] = false,
            Says::Terminate => node.terminated = true,
            Says::Recall { objects } => node.asked_back = objects,
            Says::RecallAnswer { objects, done } => {
                if done || self.fault == Some(Fault::AnyAnswerIsDone) {
                    node.gone |= objects;
                }
            }
        }
        state.nodes[number].mirror.push(packet.statement);
        Some(())
    }
}

/// Seals a statement where it may be said, under the version that binds.
fn say(state: &mut State, number: usize, says: Says) -> Option<()> {
    let node = &state.nodes[number];
    may(node, &says)?;
    let cites = if says == Says::Activate { 2 } else { node.version };
    push(state, number, says, cites);
    Some(())
}

/// Whether the kind may be said in the phase in which the agreement is for this node.
fn may(node: &Node, says: &Says) -> Option<()> {
    let phase = node.phase();
    let kind = match says {
        Says::Release { .. } => Kind::Release,
        Says::Receipt { .. } => Kind::Receipt,
        Says::Proposal => Kind::Proposal,
        Says::Decision { .. } => Kind::Decision,
        Says::Activate => Kind::Agreement,
        Says::Suspend | Says::Lift => Kind::Suspension,
        Says::Terminate => Kind::Termination,
        Says::Recall { .. } => Kind::Recall,
        Says::RecallAnswer { .. } => Kind::RecallAnswer,
    };
    conduct::may(kind, phase).ok()
}

fn push(state: &mut State, number: usize, says: Says, version: u8) {
    let node = &state.nodes[number];
    let truth = Truth {
        version: node.version,
        at_rest: node.phase() != Phase::InForce,
        consent: state.consent,
    };
    state.nodes[number].log.push(Statement { says, version, truth });
}

impl Node {
    /// The phase of the agreement, as this node knows it.
    fn phase(&self) -> Phase {
        match (self.terminated, self.suspended.contains(&true)) {
            (true, _) => Phase::Ended,
            (false, true) => Phase::Suspended,
            (false, false) => Phase::InForce,
        }
    }

    /// What this node gave.
    pub(super) fn released(&self) -> u8 {
        self.log.iter().fold(0, |all, it| match it.says {
            Says::Release { objects, .. } => all | objects,
            _ => all,
        })
    }

    /// How many recalls this node sent.
    fn recalls(&self) -> usize {
        self.log.iter().filter(|it| matches!(it.says, Says::Recall { .. })).count()
    }

    /// The pouch of the statement that the partner was not told to have.
    fn packet(&self, to: usize) -> Packet {
        let statement = self.log[usize::from(self.cursor)].clone();
        Packet { to, sequence: self.cursor, statement }
    }

    /// Whether a pouch is on this node's disk, or was consumed.
    pub(super) fn is_durable(&self, packet: &Packet) -> bool {
        self.spool.contains(packet)
            || self.mirror.get(usize::from(packet.sequence)) == Some(&packet.statement)
    }

    fn has(&self, packet: &Packet) -> bool {
        self.memory.contains(packet) || self.is_durable(packet)
    }

    /// Whether something was consumed that is receipted and was not.
    fn unanswered(&self) -> bool {
        let unanswered = self.mirror.iter().skip(usize::from(self.answered));
        unanswered.filter(|it| !matches!(it.says, Says::Receipt { .. })).count() > 0
    }
}
