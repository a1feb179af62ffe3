//! What can go wrong in a use case. Whose fault it is decides the variant.

use comity_model::told::Told;
use comity_model::{Folio, PartyRoot};

use comity_policy::AgreementError;

use crate::node::Node;
use crate::ports::{BlobError, CourierError, FeedFault, KeyError, StoreError};

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Something that the caller named is not there.
    #[error("there is no {what} `{name}`; {advice}")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// How to find the right one.
        advice: &'static str,
    },
    /// What the caller asked for is against a rule that holds here.
    #[error("{message}")]
    Refused {
        /// A stable word.
        code: &'static str,
        /// What and why, and what to do; with the particulars, for other languages.
        message: Told,
    },
    /// What the caller gave cannot be read.
    #[error("{place}: {message}")]
    Input {
        /// Where: a file, a line, a field.
        place: String,
        /// What is wrong with it; with the particulars, for other languages.
        message: Told,
    },
    /// The text of an agreement is none.
    #[error("{place}: {}", lines(.errors))]
    Agreement {
        /// Where it stands: a file.
        place: String,
        /// What is wrong with it, in the order of its lines; never empty.
        errors: Vec<AgreementError>,
    },
    /// The keys that this needs are not unlocked.
    #[error("this needs the node's keys; give the passphrase with `--passphrase-file FILE`")]
    Locked,
    /// The store.
    #[error(transparent)]
    Store(StoreError),
    /// The files.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The courier; the partner or the network.
    #[error(transparent)]
    Courier(#[from] CourierError),
    /// A feed; its server, the network or its address.
    #[error(transparent)]
    Feed(#[from] FeedFault),
    /// A key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// What this node wrote earlier cannot be read.
    #[error(
        "this node's own data is damaged in {0}; run `comity doctor` and restore from a backup"
    )]
    Damaged(String),
}

impl From<StoreError> for ExchangeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => Self::refused(refusal.code(), refusal.told()),
            error => Self::Store(error),
        }
    }
}

impl ExchangeError {
    /// A stable word for it: the name in metrics, problem documents and translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "not-found",
            Self::Refused { code, .. } => code,
            Self::Input { .. } | Self::Agreement { .. } => "bad-input",
            Self::Locked => "locked",
            Self::Store(error) => error.code(),
            Self::Blob(error) => error.code(),
            Self::Courier(error) => error.code(),
            Self::Feed(fault) => fault.code.as_str(),
            Self::Key(_) => "key",
            Self::Damaged(_) => "damaged",
        }
    }

    pub(crate) fn refused(code: &'static str, message: impl Into<Told>) -> Self {
        Self::Refused { code, message: message.into() }
    }

    pub(crate) fn input(place: impl Into<String>, message: impl Into<Told>) -> Self {
        Self::Input { place: place.into(), message: message.into() }
    }

    /// What the caller gave cannot be read, for a reason with a code of its own.
    pub(crate) fn unreadable(
        place: impl Into<String>,
        code: &'static str,
        error: &impl std::fmt::Display,
    ) -> Self {
        Self::input(place, Told::from(error.to_string()).named(code))
    }

    #[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
    pub(crate) fn damaged(what: impl ToString) -> Self {
        Self::Damaged(what.to_string())
    }

    pub(crate) fn no_party(name: &str) -> Self {
        let advice = "`comity party list` shows those that are known";
        Self::NotFound { what: "party", name: name.to_owned(), advice }
    }

    pub(crate) fn no_root(root: PartyRoot) -> Self {
        Self::no_party(&root.to_string())
    }

    pub(crate) fn no_folio(folio: &Folio) -> Self {
        let advice = "`comity release list` and `comity inbox list` show the folios";
        Self::NotFound { what: "folio", name: folio.to_string(), advice }
    }

    pub(crate) fn no_agreement(name: &str) -> Self {
        let advice = "`comity agreement list` shows those that are here";
        Self::NotFound { what: "agreement", name: name.to_owned(), advice }
    }
}

fn lines(errors: &[AgreementError]) -> String {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

/// The result of a use case.
pub type Result<T, E = ExchangeError> = std::result::Result<T, E>;

/// Gives what was refused its line in the journal, under `event`, with the code among the details; nothing else of it is
/// kept.
pub(crate) async fn journalled<T>(
    node: &Node,
    done: Result<T>,
    by: &str,
    event: &'static str,
    subject: impl ToString + Send,
    mut details: serde_json::Value,
) -> Result<T> {
    let refused = match done {
        Err(ExchangeError::Store(StoreError::Refused(refusal))) => {
            ExchangeError::refused(refusal.code(), refusal.told())
        }
        Err(refused @ ExchangeError::Refused { .. }) => refused,
        done => return done,
    };
    if let Some(details) = details.as_object_mut() {
        details.insert("code".to_owned(), refused.code().into());
    }
    let journal = vec![node.journal_by(by, event, subject, details)];
    node.store().journal(journal).await?;
    Err(refused)
}
