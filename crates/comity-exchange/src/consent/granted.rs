//! The consents that partners gave this party.

use std::collections::BTreeMap;

use comity_model::matter::Sought;
use comity_model::{Digest, Holding, MatterKind, Onward, Origin, PartyRoot, UseCode};
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
pub(crate) enum End {
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

/// What the consents of partners open at one moment: that what they released goes to one third party for one purpose, or is
/// used in one way here.
#[derive(Debug, Clone, Default)]
pub struct Consents {
    what: Option<What>,
    /// Of several for the same object, the last to end.
    open: BTreeMap<Object, End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Onward(PartyRoot),
    Use(UseCode),
}

impl Consents {
    /// No consent: nothing of a partner's goes on.
    pub const NONE: Self = Self { what: None, open: BTreeMap::new() };

    /// What the consents on record open for a third party and a purpose at `now`: those that were granted, not withdrawn and
    /// have not ended, under an agreement with the giver that is in force. While that one is suspended its giver could not
    /// withdraw them, so they open nothing.
    pub async fn held(
        node: &Node,
        third_party: PartyRoot,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Self> {
        let what = What::Onward(third_party);
        let fits = |sought: &Sought| match sought {
            Sought::Onward { third_party: party, purpose: word, .. } => {
                *party == third_party && word == purpose
            }
            Sought::Use(_) => false,
        };
        Self::of(node, what, fits, now).await
    }

    /// What the consents on record open for a use at `now`, under the same conditions.
    pub async fn of_use(node: &Node, use_code: UseCode, now: Timestamp) -> Result<Self> {
        let fits = |sought: &Sought| *sought == Sought::Use(use_code);
        Self::of(node, What::Use(use_code), fits, now).await
    }

    async fn of(
        node: &Node,
        what: What,
        fits: impl Fn(&Sought) -> bool + Send,
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
        let asked: Vec<ConsentRow> = rows.iter().filter_map(ConsentRow::of).collect();
        for row in asked {
            if row.from != node.root() || !fits(&row.body.sought) || !row.holds(now) {
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
        Ok(Self { what: Some(what), open })
    }

    /// The third party, if the consents on record let `holding` go to it. The onward rule under which the object was given
    /// must allow the question in the first place.
    pub fn covers(&self, holding: &Holding) -> Option<PartyRoot> {
        match self.what {
            Some(What::Onward(third_party)) => self.end(holding).and(Some(third_party)),
            _ => None,
        }
    }

    /// Whether `holding` may be used in the way that these consents are about: it is this party's own, it was given for that
    /// use, or its giver consented.
    pub fn allow_use(&self, holding: &Holding) -> bool {
        matches!(self.what, Some(What::Use(_)))
            && (holding.origin.partner().is_none() || self.end(holding).is_some())
    }

    /// When the use of `holding` that these consents are about ends; `None`: it may not be used so at all.
    pub(crate) fn use_end(&self, holding: &Holding) -> Option<End> {
        if holding.origin.partner().is_none() {
            return matches!(self.what, Some(What::Use(_))).then_some(End::Never);
        }
        self.end(holding)
    }

    /// The same for the same consents.
    pub(crate) fn fingerprint(&self) -> Digest {
        Digest::of(format!("{:?}", (&self.what, &self.open)).as_bytes())
    }

    /// When what lets it go or be used so ends, if anything does let it.
    pub(super) fn end(&self, holding: &Holding) -> Option<End> {
        let Origin::Partner { party, statement, .. } = &holding.origin else { return None };
        let handling = holding.handling.as_ref()?;
        match self.what? {
            What::Onward(_) if handling.onward != Onward::OriginatorConsent => return None,
            What::Use(use_code) if handling.use_codes.contains(&use_code) => {
                return Some(End::Never);
            }
            _ => {}
        }
        self.open.get(&(*party, *statement, holding.id.clone())).copied()
    }
}
