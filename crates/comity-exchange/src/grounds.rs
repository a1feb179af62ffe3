//! Grounds: the legal basis and the reasons of an act, judged by the lists of the agreement on both sides
//! (docs/protocol.md section 2.1).

use std::collections::BTreeSet;

use comity_model::Refusal;
use comity_model::matter::{AnswerOutcome, ConsentDecision, Grounds, MatterBody, RecallOutcome};
use comity_model::told;
use comity_policy::{Act, Agreement, ChosenGrounds};

use crate::error::ExchangeError;

/// The act that a statement of a matter is, and its grounds; `None` for statements that state none.
pub fn act_of(body: &MatterBody) -> Option<(Act, &Grounds)> {
    let act = match body {
        MatterBody::Answer(body) => match body.outcome {
            AnswerOutcome::Complete | AnswerOutcome::Partial | AnswerOutcome::NothingFound => {
                Act::Answer
            }
            AnswerOutcome::Refused => Act::Refusal,
        },
        MatterBody::ConsentAnswer(body) => match body.decision {
            ConsentDecision::Granted => Act::Answer,
            ConsentDecision::Denied | ConsentDecision::Withdrawn => Act::Refusal,
        },
        MatterBody::Recall(_) => Act::Recall,
        MatterBody::RecallAnswer(body) => match body.outcome {
            RecallOutcome::Done | RecallOutcome::Partial => Act::Purge,
            RecallOutcome::Held | RecallOutcome::Refused => Act::Refusal,
        },
        MatterBody::Purge(_) => Act::Purge,
        MatterBody::Request(_)
        | MatterBody::Clarification(_)
        | MatterBody::Consent(_)
        | MatterBody::Proposal(_)
        | MatterBody::Decision(_)
        | MatterBody::Advice(_) => return None,
    };
    body.grounds().map(|grounds| (act, grounds))
}

/// Chooses the grounds of an act under an agreement, or under one clause of it. Refused with the code of what is missing
/// or on no list: `legal-basis-missing`, `legal-basis-unknown`, `reason-missing`, `reason-unknown`, `grounds-duplicate`.
pub fn choose(
    agreement: &Agreement,
    act: Act,
    clause: Option<&str>,
    given: &Grounds,
) -> crate::Result<Grounds> {
    let chosen = agreement.choose_grounds(act, clause, &given.legal_basis, &given.reasons);
    let chosen = chosen.map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    Ok(Grounds { legal_basis: chosen.legal_basis, reasons: chosen.reasons })
}

/// Chooses the grounds of one of several statements that one command makes under several agreements: of what was given,
/// what this agreement lists. Refused as by [`choose`], with the agreement named by `under` and what to add.
pub(crate) fn choose_of_several(
    agreement: &Agreement,
    act: Act,
    given: &Grounds,
    under: &str,
) -> crate::Result<Grounds> {
    let grounds = listed_of(agreement, act, given);
    choose(agreement, act, None, &grounds).map_err(|error| match error {
        ExchangeError::Refused { code, message } => {
            ExchangeError::refused(code, message.behind(&format!("{under}: ")).with("under", under))
        }
        error => error,
    })
}

/// Of what was given, what an agreement lists for an act.
pub(crate) fn listed_of(agreement: &Agreement, act: Act, given: &Grounds) -> Grounds {
    let bases = agreement.legal_bases(None);
    let mut listed = given.clone();
    listed.legal_basis.retain(|it| bases.contains(&it.as_str()));
    listed.reasons.retain(|it| agreement.reasons_for(act).any(|reason| reason.id == *it));
    listed
}

/// Refuses what none of several agreements lists for an act, and what is named twice: `legal-basis-unknown`,
/// `reason-unknown`, `grounds-duplicate`.
pub(crate) fn must_be_of_some(
    agreements: &[Agreement],
    act: Act,
    given: &Grounds,
) -> crate::Result<()> {
    let Grounds { legal_basis, reasons } = given;
    let basis = |it: &String| {
        agreements.iter().any(|agreement| agreement.legal_bases(None).contains(&it.as_str()))
    };
    let reason = |it: &String| {
        let reasons = |agreement: &Agreement| agreement.reasons_for(act).any(|is| is.id == *it);
        agreements.iter().any(reasons)
    };
    if let Some(unknown) = legal_basis.iter().find(|it| !basis(it)) {
        let message = told!(
            "`{given}` is no legal basis of any agreement that this concerns; `comity agreement show` has them",
            given = unknown
        )
        .named("legal-basis-of-none");
        return Err(ExchangeError::refused("legal-basis-unknown", message));
    }
    if let Some(unknown) = reasons.iter().find(|it| !reason(it)) {
        let message = told!(
            "`{given}` is no reason for `{act}` in any agreement that this concerns; `comity agreement show` has them",
            given = unknown,
            act
        )
        .named("reason-of-none");
        return Err(ExchangeError::refused("reason-unknown", message));
    }
    for all in [legal_basis, reasons] {
        let mut once = BTreeSet::new();
        if let Some(twice) = all.iter().find(|it| !once.insert(it.as_str())) {
            let message = told!("`{given}` is named twice; name it once", given = twice);
            return Err(ExchangeError::refused("grounds-duplicate", message));
        }
    }
    Ok(())
}

/// Whether grounds are such as the agreement lists for the act. What is left out because there is only one to
/// choose is written out in a statement, so nothing is filled in here. A legal basis may be that of any clause.
pub fn must_be_listed(agreement: &Agreement, act: Act, grounds: &Grounds) -> Result<(), Refusal> {
    let clauses = agreement.clauses.iter().map(|clause| Some(clause.id.as_str()));
    let listed = std::iter::once(None)
        .chain(clauses)
        .any(|clause| must_be_listed_under(agreement, act, clause, grounds).is_ok());
    if listed { Ok(()) } else { Err(Refusal::GroundsNotGiven) }
}

/// Whether grounds are such as the agreement lists for the act under this clause; with no clause, under the agreement as a
/// whole.
pub fn must_be_listed_under(
    agreement: &Agreement,
    act: Act,
    clause: Option<&str>,
    grounds: &Grounds,
) -> Result<(), Refusal> {
    let Grounds { legal_basis, reasons } = grounds;
    let is_whole =
        |chosen: ChosenGrounds| chosen.legal_basis == *legal_basis && chosen.reasons == *reasons;
    let chosen = agreement.choose_grounds(act, clause, legal_basis, reasons);
    if chosen.is_ok_and(is_whole) { Ok(()) } else { Err(Refusal::GroundsNotGiven) }
}

/// Whether the legal bases of grounds are such as the agreement lists, and no reason stands beside them: a suspension is
/// lifted without one.
pub fn bases_must_be_listed(agreement: &Agreement, grounds: &Grounds) -> Result<(), Refusal> {
    let known: BTreeSet<&str> = agreement.legal_bases(None).into_iter().collect();
    let given: BTreeSet<&str> = grounds.legal_basis.iter().map(String::as_str).collect();
    let listed = grounds.reasons.is_empty()
        && given.len() == grounds.legal_basis.len()
        && given.is_subset(&known)
        && given.is_empty() == known.is_empty();
    if listed { Ok(()) } else { Err(Refusal::GroundsNotGiven) }
}

#[cfg(test)]
mod tests {
    use comity_model::{Digest, PartyRoot};

    use super::*;

    #[test]
    fn grounds_are_written_out_and_of_the_list_for_the_act() {
        let root = |byte| PartyRoot::new(Digest::from_bytes([byte; 32]));
        let text = comity_policy::template(
            (&"us".parse().unwrap(), root(1)),
            (&"mx".parse().unwrap(), root(2)),
            "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
            "2026-02-01".parse().unwrap(),
            "2027-01-31".parse().unwrap(),
        );
        let text = text.replace("legal_basis = []", r#"legal_basis = ["Article 1"]"#);
        let agreement = Agreement::parse(&text).unwrap();
        let judge = |act, basis: &[&str], reasons: &[&str]| {
            let owned = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect();
            let grounds = Grounds { legal_basis: owned(basis), reasons: owned(reasons) };
            must_be_listed(&agreement, act, &grounds)
        };
        assert_eq!(judge(Act::Refusal, &["Article 1"], &["not-granted"]), Ok(()));
        for (act, basis, reasons) in [
            (Act::Refusal, &[] as &[_], &["not-granted"] as &[_]),
            (Act::Refusal, &["Article 1"], &[]),
            (Act::Refusal, &["Article 2"], &["not-granted"]),
            (Act::Answer, &["Article 1"], &["not-granted"]),
            (Act::Refusal, &["Article 1"], &["not-granted", "not-granted"]),
        ] {
            let refused = judge(act, basis, reasons);
            assert_eq!(refused, Err(Refusal::GroundsNotGiven), "{act}: {basis:?} {reasons:?}");
        }
    }
}
