//! Holdings: the objects that a node keeps, with where they came from and what binds them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AgreementId, Digest, Grade, Handling, PartyRoot, Tlp};

/// Where a holding came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Origin {
    /// This party's own.
    Own {
        /// The file, feed or desk it entered through: `feed/NAME` for a feed, `taxii/ALIAS/ID` for what clients wrote into a
        /// collection ([`Bringer::writers`]), and anything else, without a slash, for what this party's people and programs brought in themselves.
        source: String,
    },
    /// Released to this party by a partner.
    Partner {
        /// The partner that released it.
        party: PartyRoot,
        /// Whose information it is; not always the partner's.
        originator: PartyRoot,
        /// Under which agreement.
        agreement: AgreementId,
        /// The statement it came with.
        statement: Digest,
    },
}

impl Origin {
    /// The partner that it came from, if it did.
    pub const fn partner(&self) -> Option<PartyRoot> {
        match self {
            Self::Own { .. } => None,
            Self::Partner { party, .. } => Some(*party),
        }
    }

    /// The statement that it came with, if a partner released it.
    pub const fn statement(&self) -> Option<Digest> {
        match self {
            Self::Own { .. } => None,
            Self::Partner { statement, .. } => Some(*statement),
        }
    }
}

/// Who brings something in on a party's own account. A feed that is added again under its name goes on with what came under that
/// name before. A collection that is made under the alias of another does not: others may write there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bringer<'a> {
    /// The party's own people and programs, by its commands.
    House,
    /// The feed of this name.
    Feed(&'a str),
    /// The accounts that may write into the collection of this id.
    Writers(&'a str),
    /// Those that could write into the collection that had this alias: of objects from before sources named ids.
    Alias(&'a str),
}

impl<'a> Bringer<'a> {
    /// Who brings in what has this source ([`Origin::Own`]).
    pub fn of(source: &'a str) -> Self {
        match source.split_once('/') {
            Some(("feed", name)) => Self::Feed(name),
            Some(("taxii", of)) => match of.split_once('/') {
                Some((_, id)) => Self::Writers(id),
                None => Self::Alias(of),
            },
            _ => Self::House,
        }
    }

    /// The source ([`Origin::Own`]) of what clients write into a collection: its alias is there for people, its id says which.
    pub fn writers(alias: &str, id: Uuid) -> String {
        format!("taxii/{alias}/{id}")
    }

    /// Who may bring in further versions of an object of which these were brought in before, the first of them first:
    /// whoever brought it, and the house, which may always and whose it is from then on. `None` where there was none.
    pub fn owner(brought: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut first = None;
        for one in brought {
            if one == Self::House {
                return Some(one);
            }
            first = first.or(Some(one));
        }
        first
    }
}

/// One version of an object as the node keeps it. The bytes are those that were received; the rest is read off them once,
/// when the object enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// STIX id.
    pub id: String,
    /// STIX type.
    pub stix_type: String,
    /// `modified` as written, or for objects without versions the digest of the bytes, so that a version always has a name.
    pub version: String,
    /// `modified`, where the object has it.
    pub modified: Option<Timestamp>,
    /// The exact bytes.
    pub bytes: Vec<u8>,
    /// Their SHA-256.
    pub digest: Digest,
    /// What people recognise it by: `name`, or the value of an observable.
    pub name: Option<String>,
    /// What a search looks through: name, description, labels, values; never markup.
    pub text: String,
    /// `labels`.
    pub labels: Vec<String>,
    /// The TLP label of its markings, where it has one.
    pub tlp: Option<Tlp>,
    /// Every other object that it names.
    pub refs: Vec<String>,
    /// Whether it is revoked.
    pub revoked: bool,
    /// The source grade.
    pub grade: Option<Grade>,
    /// Where it came from.
    pub origin: Origin,
    /// The parties through whose hands it came, the originator first; empty for this party's own.
    pub chain: Vec<PartyRoot>,
    /// What binds this party, for what a partner released.
    pub handling: Option<Handling>,
    /// When it entered.
    pub received_at: Timestamp,
}
