//! What the commands answer with `--json`, as far as the story reads it. Members that it does not read may be there.

use serde::{Deserialize, Serialize};

mod agreements;
mod custody;
mod evidence;
mod matters;
mod pouches;
mod proposals;

pub(super) use agreements::{Amended, Compared, Explained, Phase, Tried};
pub(super) use custody::{Bundle, Figures, Hold, Notices, Purges, Recall, Recalls, Sweep};
pub(super) use evidence::{AllVerified, Corroborated, Views, Written};
pub(super) use matters::{Asked, Consent, Matter, Opened, Spoken, Verified};
pub(super) use pouches::{Brought, Carried};
pub(super) use proposals::{Contact, Decision, Event, History, Proposal, Put, Report};

/// `init`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Made {
    pub(super) root: String,
    pub(super) fingerprint: Fingerprint,
}

/// A party's fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fingerprint {
    pub(super) digits: Vec<String>,
    pub(super) words_en: Vec<String>,
    pub(super) words_es: Vec<String>,
}

/// `party import`.
#[derive(Debug, Deserialize)]
pub(super) struct Imported {
    pub(super) root: String,
    pub(super) confirmed: bool,
    pub(super) fingerprint: Fingerprint,
}

/// `party confirm`.
#[derive(Debug, Deserialize)]
pub(super) struct Confirmed {
    pub(super) confirmed: bool,
}

/// `officer add`.
#[derive(Debug, Deserialize)]
pub(super) struct Officer {
    pub(super) name: String,
    pub(super) office: String,
}

/// `agreement check`.
#[derive(Debug, Deserialize)]
pub(super) struct Checked {
    pub(super) ok: bool,
    pub(super) errors: Vec<Fault>,
}

/// What is wrong with an agreement's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Fault {
    pub(super) line: Option<u64>,
    pub(super) field: Option<String>,
    pub(super) code: String,
    pub(super) message: String,
}

/// `agreement sign` and `agreement import`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Signed {
    pub(super) digest: String,
    #[serde(rename = "signed_here")]
    pub(super) here: bool,
    #[serde(rename = "signed_by_partner")]
    pub(super) by_partner: bool,
    pub(super) state: String,
}

/// `import`.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Taken {
    pub(super) objects: u64,
    pub(super) new: u64,
    pub(super) unchanged: u64,
    pub(super) rejected: u64,
}

/// `release compose`.
#[derive(Debug, Deserialize)]
pub(super) struct Composed {
    pub(super) folio: String,
    pub(super) digest: String,
    pub(super) preview: Vec<Line>,
}

/// `release preview`.
#[derive(Debug, Deserialize)]
pub(super) struct Previewed {
    pub(super) preview: Vec<Line>,
}

/// What was decided about one object.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) name: Option<String>,
    pub(super) verdict: Verdict,
    #[serde(default)]
    pub(super) redacted: Vec<String>,
    #[serde(default)]
    pub(super) reasons: Vec<Reason>,
}

/// The verdict on an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Released,
    Redacted,
    Withheld,
}

/// Why an object stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Reason {
    pub(super) code: String,
    pub(super) policy: String,
    pub(super) text: String,
}

/// `release approve`.
#[derive(Debug, Deserialize)]
pub(super) struct Approved {
    pub(super) state: String,
}

/// `release send`.
#[derive(Debug, Deserialize)]
pub(super) struct Sealed {
    pub(super) folio: String,
    pub(super) statement: String,
    pub(super) sequence: u64,
}

/// `release show`.
#[derive(Debug, Deserialize)]
pub(super) struct Release {
    pub(super) folio: String,
    pub(super) state: String,
    pub(super) statement: Option<String>,
    pub(super) sequence: Option<u64>,
    pub(super) receipt: Option<Receipt>,
}

/// What the partner's receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Receipt {
    pub(super) outcome: String,
    pub(super) code: Option<String>,
    pub(super) admitted: u64,
    pub(super) refused: u64,
}

/// `inbox list`.
#[derive(Debug, Deserialize)]
pub(super) struct Inbox {
    pub(super) inbox: Vec<Arrived>,
}

/// One statement that arrived.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Arrived {
    pub(super) digest: String,
    pub(super) folio: Option<String>,
    pub(super) kind: String,
    pub(super) sequence: u64,
    pub(super) outcome: String,
    pub(super) admitted: u64,
    pub(super) refused: u64,
}

/// `holdings list`.
#[derive(Debug, Deserialize)]
pub(super) struct Holdings {
    pub(super) holdings: Vec<Holding>,
}

/// One object held.
#[derive(Debug, Deserialize)]
pub(super) struct Holding {
    pub(super) id: String,
}

/// `holdings show`.
#[derive(Debug, Deserialize)]
pub(super) struct Object {
    pub(super) object: serde_json::Map<String, serde_json::Value>,
}
