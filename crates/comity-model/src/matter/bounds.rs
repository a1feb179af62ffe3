//! What can be judged of a body alone.

use super::{
    AdviceAct, AdviceTopic, AnswerOutcome, ConsentDecision, Grounds, MatterBody, RecallAction,
    RecallOutcome, Sought,
};
use crate::{MatterKind, UseCode};

/// Entries of a list of legal bases or reasons.
const MAX_GROUNDS: usize = 64;
/// Characters of one of them.
const MAX_GROUND: usize = 500;
/// Objects that a consent or a recall names.
const MAX_OBJECTS: usize = 10_000;
/// Releases that an answer or a purge names.
const MAX_RELEASES: usize = 1_000;
/// Hours of a clock.
const MAX_HOURS: u32 = 8_760;

impl MatterBody {
    /// Says what is wrong with the body, by its own rules alone.
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(grounds) = self.grounds() {
            check_grounds(grounds)?;
        }
        match self {
            Self::Request(body) => {
                hours(body.hours)?;
                word("purpose", &body.purpose)?;
                texts("legal_basis", &body.legal_basis)?;
                list("kinds", body.kinds.len(), 0, 256)?;
                body.kinds.iter().try_for_each(|kind| word("kinds", kind))
            }
            Self::Clarification(_) => Ok(()),
            Self::Answer(body) => {
                list("releases", body.releases.len(), 0, MAX_RELEASES)?;
                let gives =
                    matches!(body.outcome, AnswerOutcome::Complete | AnswerOutcome::Partial);
                if !gives && !body.releases.is_empty() {
                    return Err("an answer that gives nothing names releases".to_owned());
                }
                Ok(())
            }
            Self::Consent(body) => {
                objects(&body.objects, 1)?;
                match &body.sought {
                    Sought::Onward { name, purpose, .. } => {
                        word("purpose", purpose)?;
                        line("third_party_name", name, 200)
                    }
                    Sought::Use(UseCode::Judicial) => Ok(()),
                    // whatever is given may be used to inform
                    Sought::Use(UseCode::IntelligenceOnly) => {
                        Err("a wider use is asked for as `judicial`".to_owned())
                    }
                }
            }
            Self::ConsentAnswer(body) => {
                if body.until.is_some() && body.decision != ConsentDecision::Granted {
                    return Err("only a granted consent has `until`".to_owned());
                }
                Ok(())
            }
            Self::Proposal(body) => {
                texts("legal_basis", &body.legal_basis)?;
                let refers = [("in_reply_to", body.in_reply_to), ("again", body.again)];
                for (name, id) in refers {
                    let other = |id: crate::MatterId| {
                        id.kind() == MatterKind::Proposal && id != body.proposal
                    };
                    if !id.is_none_or(other) {
                        return Err(format!("`{name}` names no other proposal"));
                    }
                }
                Ok(())
            }
            Self::Decision(body) => {
                line("office", &body.office, 80)?;
                texts("legal_basis", &body.legal_basis)?;
                texts("reasons", &body.reasons)
            }
            Self::Advice(body) => {
                let disputes = body.topic == AdviceTopic::Dispute;
                if (body.act == AdviceAct::Dispute) && !disputes {
                    return Err("a dispute has the topic `dispute`".to_owned());
                }
                let (begins, names) = (body.act == AdviceAct::Dispute, body.about.is_some());
                if begins != names {
                    return Err(
                        "a dispute, and nothing else, names a statement in `about`".to_owned()
                    );
                }
                let answers =
                    matches!(body.act, AdviceAct::Note | AdviceAct::Adopt | AdviceAct::Decline);
                if disputes && !begins && !answers {
                    return Err("a dispute is answered `noted`, `adopted` or `decline`".to_owned());
                }
                Ok(())
            }
            Self::Recall(body) => {
                hours(body.hours)?;
                objects(&body.objects, 0)?;
                if (body.action == RecallAction::Purge) != body.replacement.is_none() {
                    return Err(
                        "`correct` and `replace` name a replacement, `purge` none".to_owned()
                    );
                }
                Ok(())
            }
            Self::RecallAnswer(body) => {
                if body.told > body.units {
                    return Err("more units were told than had it".to_owned());
                }
                let onward = body.onward;
                let answered = onward.done.saturating_add(onward.in_part);
                let answered = answered.saturating_add(onward.refused);
                if answered > onward.told || onward.told > onward.parties {
                    return Err(
                        "more third parties answered than were told, or were told than had it"
                            .to_owned(),
                    );
                }
                let fits = match body.outcome {
                    RecallOutcome::Done => {
                        body.held == 0 && body.told == body.units && onward.is_done()
                    }
                    RecallOutcome::Partial => body.held == 0 && body.told <= body.units,
                    RecallOutcome::Held => body.held > 0,
                    RecallOutcome::Refused => body.purged == 0,
                };
                if fits { Ok(()) } else { Err("the outcome does not fit the figures".to_owned()) }
            }
            Self::Purge(body) => {
                list("releases", body.releases.len(), 1, MAX_RELEASES)?;
                if body.releases.iter().any(|it| it.purged == 0 && it.held == 0) {
                    return Err("a release is named of which nothing was purged or held".to_owned());
                }
                Ok(())
            }
        }
    }
}

fn check_grounds(grounds: &Grounds) -> Result<(), String> {
    texts("legal_basis", &grounds.legal_basis)?;
    texts("reasons", &grounds.reasons)
}

fn hours(hours: u32) -> Result<(), String> {
    if (1..=MAX_HOURS).contains(&hours) {
        Ok(())
    } else {
        Err(format!("`hours` is not between 1 and {MAX_HOURS}"))
    }
}

fn list(name: &str, len: usize, least: usize, most: usize) -> Result<(), String> {
    if (least..=most).contains(&len) {
        Ok(())
    } else {
        Err(format!("`{name}` has {len} entries, and may have {least} to {most}"))
    }
}

fn texts(name: &str, all: &[String]) -> Result<(), String> {
    list(name, all.len(), 0, MAX_GROUNDS)?;
    all.iter().try_for_each(|text| line(name, text, MAX_GROUND))
}

/// A text of one line without controls.
fn line(name: &str, text: &str, most: usize) -> Result<(), String> {
    let count = text.chars().count();
    if count == 0 || count > most || text.trim() != text || text.chars().any(char::is_control) {
        return Err(format!("`{name}` is not a line of 1 to {most} characters"));
    }
    Ok(())
}

/// A word in the form of a clause's purpose or a STIX type.
fn word(name: &str, text: &str) -> Result<(), String> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if text.is_empty() || text.len() > 250 || !text.bytes().all(plain) {
        return Err(format!("`{name}` is not a word of lower-case letters, digits and hyphens"));
    }
    Ok(())
}

fn objects(ids: &[String], least: usize) -> Result<(), String> {
    list("objects", ids.len(), least, MAX_OBJECTS)?;
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        let (stix_type, uuid) = id.split_once("--").ok_or("`objects` holds no STIX id")?;
        word("objects", stix_type)?;
        uuid.parse::<uuid::Uuid>().map_err(|_| "`objects` holds no STIX id".to_owned())?;
        if !seen.insert(id) {
            return Err("`objects` names an object twice".to_owned());
        }
    }
    Ok(())
}
