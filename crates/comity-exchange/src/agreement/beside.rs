//! What a text would stand beside: the active version before it, and other agreements with the same partner.

use std::collections::BTreeSet;

use comity_model::AgreementId;
use comity_model::conduct::Phase;
use comity_policy::{Agreement, Clause};
use jiff::civil::Date;

use super::life::life;
use super::standing::compiled;
use crate::error::Result;
use crate::node::Node;

/// Something legal that is probably not meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beside {
    /// Between the last day of the active version and the first of this one nothing binds.
    Gap {
        /// The active version.
        active: u32,
        /// Its last day.
        until: Date,
        /// The first day of this one.
        from: Date,
    },
    /// Another agreement with the same partner lets the same be given in the same direction at the same time.
    Overlap {
        /// The other agreement.
        other: AgreementId,
        /// The clauses of this text.
        clauses: Vec<String>,
        /// The clauses of the other.
        other_clauses: Vec<String>,
    },
}

impl Beside {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Gap { .. } => "version-gap",
            Self::Overlap { .. } => "agreements-overlap",
        }
    }
}

/// What to warn of before a text is signed. Of another agreement the first pair of clauses is named. Dates of successive
/// versions may overlap: the one that was activated last binds.
pub async fn beside(node: &Node, text: &Agreement) -> Result<Vec<Beside>> {
    let now = node.now();
    let all = node.store().agreements().await?;
    let ids: BTreeSet<AgreementId> = all.iter().map(|it| it.reference.id).collect();
    let partner = text.partner_of(&node.root()).map(|(_, root)| *root);
    let mut found = Vec::new();
    for id in ids {
        let life = life(node, id, now).await?;
        let Some(active) = life.active() else { continue };
        let kept = compiled(node, active)?;
        let kept = kept.agreement();
        if id == text.id {
            let (until, from) = (kept.in_force.until, text.in_force.from);
            let leaves_days = until.tomorrow().is_ok_and(|next| from > next);
            if text.version > life.active && leaves_days {
                found.push(Beside::Gap { active: life.active, until, from });
            }
            continue;
        }
        let at_once = kept.in_force.from <= text.in_force.until
            && text.in_force.from <= kept.in_force.until
            && life.phase != Phase::Ended;
        if at_once && Some(active.partner) == partner {
            let (clauses, other_clauses) = (giving_too(text, kept), giving_too(kept, text));
            if !clauses.is_empty() {
                found.push(Beside::Overlap { other: id, clauses, other_clauses });
            }
        }
    }
    Ok(found)
}

/// The clauses of an agreement that let a type be given which some clause of the other lets be given in the same direction.
fn giving_too(one: &Agreement, other: &Agreement) -> Vec<String> {
    let gives = |it: &&Clause| {
        other.clauses.iter().any(|also| {
            one.parties.get(&it.from) == other.parties.get(&also.from)
                && it.kinds.iter().any(|kind| also.kinds.contains(kind))
        })
    };
    one.clauses.iter().filter(gives).map(|it| it.id.clone()).collect()
}
