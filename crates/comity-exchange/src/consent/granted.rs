//! The consents that partners gave this party.

use std::collections::BTreeMap;

use comity_model::{Digest, Holding, MatterKind, Onward, Origin, PartyRoot};
use jiff::Timestamp;

use super::ConsentRow;
use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::MatterQuery;

/// The giver of an object, the release statement it came with, and its id.
type Object = (PartyRoot, Digest, String);

/// When a consent ends by itself, the earlier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum End {
    /// Then.
    At(Timestamp),
    /// Only by withdrawal.
    Never,
}

impl From<Option<Timestamp>> for End {
    fn from(until: Option<Timestamp>) -> Self {
        until.map_or(Self::Never, Self::At)
    }
}

impl From<End> for Option<Timestamp> {
    fn from(end: End) -> Self {
        match end {
            End::At(until) => Some(until),
            End::Never => None,
        }
    }
}

/// What may go to one third party for one purpose at one moment, of what partners released to this party.
#[derive(Debug, Clone, Default)]
pub struct Consents {
    third_party: Option<PartyRoot>,
    /// Of several for the same object, the last to end.
    open: BTreeMap<Object, End>,
}

impl Consents {
    /// No consent: nothing of a partner's goes on.
    pub const NONE: Self = Self { third_party: None, open: BTreeMap::new() };

    /// What the consents on record open for a third party and a purpose at `now`: those that were granted, not withdrawn and
    /// have not ended, under an agreement with the giver that is in force. While that one is suspended its giver could not
    /// withdraw them, so they open nothing.
    pub async fn held(
        node: &Node,
        third_party: PartyRoot,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let query = MatterQuery {
            kind: Some(MatterKind::Consent),
            open: Some(false),
            limit: u32::MAX,
            ..MatterQuery::default()
        };
        let rows = node.store().matters(query).await?;
        let mut agreements = BTreeMap::new();
        let mut open: BTreeMap<Object, End> = BTreeMap::new();
        for row in rows.iter().filter_map(ConsentRow::of) {
            let fits = row.from == node.root()
                && row.body.third_party == third_party
                && row.body.purpose == purpose
                && row.holds(now);
            if !fits {
                continue;
            }
            let in_force = match agreements.get(&row.to) {
                Some(known) => *known,
                None => match agreement::in_force(node, row.to, now).await {
                    Ok(standing) => Some(standing.reference.id),
                    Err(ExchangeError::Refused { .. }) => None,
                    Err(error) => return Err(error),
                },
            };
            agreements.insert(row.to, in_force);
            if in_force != Some(row.agreement) {
                continue;
            }
            let end = End::from(row.until());
            for id in row.body.objects {
                let known = open.entry((row.to, row.body.release, id)).or_insert(end);
                *known = end.max(*known);
            }
        }
        Ok(Self { third_party: Some(third_party), open })
    }

    /// The third party, if the consents on record let `holding` go to it. The onward rule under which the object was given
    /// must allow the question in the first place.
    pub fn covers(&self, holding: &Holding) -> Option<PartyRoot> {
        self.end(holding).and(self.third_party)
    }

    /// When what lets it go ends, if anything does let it go.
    pub(super) fn end(&self, holding: &Holding) -> Option<End> {
        let Origin::Partner { party, statement, .. } = &holding.origin else { return None };
        let rule = holding.handling.as_ref().map(|it| it.onward);
        if rule != Some(Onward::OriginatorConsent) {
            return None;
        }
        self.open.get(&(*party, *statement, holding.id.clone())).copied()
    }
}
