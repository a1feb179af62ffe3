//! What a refused command leaves behind: a line in the journal, whichever use case refused it, and nothing else.

use comity_exchange::ExchangeError;
use comity_exchange::ports::Clock as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    advice, agreement, collection, consent, contact, feed, legal_hold, officer, party, proposal,
    purge, recall, record, release, request, token, unit, user,
};
use crate::cli::Command;
use crate::clock::SystemClock;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;

/// Newest lines among which one of the use case's own is looked for.
const NEWEST: u32 = 32;

/// A command that may change something, and when it began.
pub(super) struct Attempt {
    command: &'static str,
    began: Timestamp,
}

impl Attempt {
    /// `None` for commands that only show, draft or try something.
    pub(super) fn of(command: &Command) -> Option<Self> {
        let command = acting(command)?;
        Some(Self { command, began: SystemClock.now() })
    }

    /// Leaves the line where the command was refused and nothing has left one. What goes wrong here is no news beside the
    /// refusal, which is told all the same.
    pub(super) async fn refused(self, ctx: &Ctx, error: &CliError) {
        let CliError::Exchange(refusal) = error else { return };
        let is_refusal = matches!(
            refusal,
            ExchangeError::Refused { .. }
                | ExchangeError::NotFound { .. }
                | ExchangeError::Input { .. }
                | ExchangeError::Agreement { .. }
                | ExchangeError::Store(_)
        );
        if !is_refusal || !ctx.data.is_node() {
            return;
        }
        if let Err(failed) = self.note(ctx, refusal).await {
            tracing::warn!(code = failed.code(), "a refused command left no line in the journal");
        }
    }

    async fn note(self, ctx: &Ctx, refusal: &ExchangeError) -> Result<(), CliError> {
        let node = ctx.node().await?;
        let newest = node.store().journal_newest(NEWEST).await.map_err(ExchangeError::from)?;
        let is_said =
            |details: &Value| details.get("code").and_then(Value::as_str) == Some(refusal.code());
        let is_there =
            newest.iter().any(|it| it.entry.at >= self.began && is_said(&it.entry.details));
        if is_there {
            return Ok(());
        }
        let details = json!({ "code": refusal.code() });
        let line = node.journal_by(&actor(None), "command-refused", self.command, details);
        node.store().journal(vec![line]).await.map_err(ExchangeError::from)?;
        Ok(())
    }
}

/// The command as it stands in the journal.
fn acting(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::Party(party::Command::Import { .. } | party::Command::Confirm { .. }) => "party",
        Command::Agreement(
            agreement::Command::Sign { .. }
            | agreement::Command::Import { .. }
            | agreement::Command::Amend { .. }
            | agreement::Command::Send { .. }
            | agreement::Command::Activate { .. }
            | agreement::Command::Suspend { .. }
            | agreement::Command::Lift { .. }
            | agreement::Command::Terminate { .. },
        ) => "agreement",
        Command::Officer(officer::Command::Add { .. }) => "officer",
        Command::Import(_) => "import",
        Command::Release(
            release::Command::Compose { .. }
            | release::Command::Approve { .. }
            | release::Command::Standing(_)
            | release::Command::Send { .. }
            | release::Command::Open(_),
        ) => "release",
        Command::Request(
            request::Command::Send { .. }
            | request::Command::Clarify { .. }
            | request::Command::Reply { .. }
            | request::Command::Withdraw { .. }
            | request::Command::Answer { .. },
        ) => "request",
        Command::Proposal(proposal::Command::Put(_) | proposal::Command::Decide(_)) => "proposal",
        Command::Advice(
            advice::Command::List { .. }
            | advice::Command::Show { .. }
            | advice::Command::Save { .. },
        )
        | Command::Feed(feed::Command::List | feed::Command::Show { .. }) => return None,
        Command::Advice(_) => "advice",
        Command::Recall(
            recall::Command::Send { .. }
            | recall::Command::Answer { .. }
            | recall::Command::Told { .. }
            | recall::Command::Onward { .. },
        ) => "recall",
        Command::Purge(purge::Command::Run { dry_run: false, .. }) => "purge",
        Command::LegalHold(legal_hold::Command::Add { .. } | legal_hold::Command::Lift { .. }) => {
            "legal-hold"
        }
        Command::Unit(
            unit::Command::Add { .. } | unit::Command::Grant { .. } | unit::Command::Give { .. },
        ) => "unit",
        Command::User(user::Command::List)
        | Command::Token(token::Command::List { .. })
        | Command::Collection(collection::Command::List | collection::Command::Show { .. }) => {
            return None;
        }
        Command::User(_) => "user",
        Command::Token(_) => "token",
        Command::Collection(_) => "collection",
        Command::Feed(_) => "feed",
        Command::Pattern(args) if args.is_acting() => "pattern",
        Command::Record(record::Command::Recover(_)) => "record",
        Command::Contact(
            contact::Command::Add(_) | contact::Command::Link { .. } | contact::Command::Report(_),
        ) => "contact",
        Command::Consent(consent::Command::Ask { .. } | consent::Command::Answer { .. }) => {
            "consent"
        }
        _ => return None,
    })
}
