//! Matters: what two parties say to each other about a request, a proposal, advice, a consent, a recall or a purge.
//!
//! [`say`] and the taking in of what a partner says are the same for all of them: the rules of `comity_model::matter`
//! judge on both sides, texts and files travel under salts, and everything is filed in the transaction that gives the
//! statement its place. What each kind asks beside that stands in its own module.

use comity_model::told;
use comity_model::told::Told;
use std::time::Duration;

use comity_model::entropy::fresh;
use comity_model::matter::{self as rules, MAX_ATTACHMENTS, MatterBody, MatterError, TextRule};
use comity_model::statement::{PartEntry, Payload};
use comity_model::{Digest, Folio, MatterId, MatterKind, PartyRoot, Refusal};
use serde_json::json;

use crate::acknowledge::acknowledge;
use crate::agreement::Standing;
use crate::error::{ExchangeError, Result};
use crate::grounds;
use crate::node::Node;
use crate::parts::{TEXT_LIMIT, salted_text};
use crate::ports::{FolioSubject, MatterRow, OutboundRow, PublishEffect, SealEffect, StoredPart};
use crate::seal::{Envelope, seal_statement, sign_pending};
use crate::verify::OpenPouch;

mod attachment;
mod checks;
mod folio;
mod reading;

pub use attachment::{Attached, Attachment, attached};
pub(crate) use folio::of_another_kind;
pub(crate) use reading::read as read_parts;

/// Something to be said in a matter.
#[derive(Debug, Clone)]
pub struct Say {
    /// What; its folio is given when it is sealed.
    pub body: MatterBody,
    /// Its text, where the body's [`TextRule`] has one.
    pub text: Option<String>,
    /// Files that travel with it, where the rule has some.
    pub attachments: Vec<Attachment>,
    /// The word for it in the journal, as `request-sent`.
    pub event: &'static str,
    /// What else the journal keeps of it.
    pub details: serde_json::Value,
    /// Who says it here; stays in the journal.
    pub by: String,
}

/// Says something to the partner of an agreement. Refused with the code of the rule where it does not follow from what was
/// said before; nothing is sealed then, and the journal has the attempt.
pub async fn say(node: &Node, standing: &Standing, say: Say) -> Result<OutboundRow> {
    let (subject, by) = (say.body.matter().to_string(), say.by.clone());
    let said = say_checked(node, standing, say).await;
    or_journal(node, &by, &subject, said).await
}

/// Passes a result on. Where something was refused, or what it names is not there, the journal keeps the attempt.
pub(crate) async fn or_journal<T: Send>(
    node: &Node,
    by: &str,
    subject: &str,
    result: Result<T>,
) -> Result<T> {
    if let Err(error @ (ExchangeError::Refused { .. } | ExchangeError::NotFound { .. })) = &result {
        let details = json!({ "code": error.code() });
        let journal = vec![node.journal_by(by, "statement-not-made", subject, details)];
        node.store().journal(journal).await?;
    }
    result
}

async fn say_checked(node: &Node, standing: &Standing, say: Say) -> Result<OutboundRow> {
    let kind = say.body.kind();
    standing.partner.must_understand(kind)?;
    let raw = say.body.to_raw().map_err(ExchangeError::damaged)?;
    if let Some(Err(error)) = MatterBody::read(kind, &raw) {
        return Err(ExchangeError::unreadable("the statement", "statement-malformed", &error));
    }
    check_text(&say)?;
    if let Some((act, given)) = grounds::act_of(&say.body) {
        grounds::must_be_listed(&standing.agreement, act, given).map_err(|refusal| {
            let message = told!("the {act} does not rest on what the agreement lists; name its legal basis and reasons as \
                 `comity agreement show` has them", act);
            ExchangeError::refused(refusal.code(), message)
        })?;
    }
    let known = node.store().matter(say.body.matter()).await?;
    judge(known.as_ref(), node.root(), &say.body)
        .map_err(|error| ExchangeError::refused(error.refusal().code(), error.to_string()))?;
    if let Some(known) = &known {
        acknowledge_first(node, known).await?;
    }

    let entropy = node.entropy();
    let (mut parts, mut entries): (Vec<StoredPart>, Vec<PartEntry>) = (Vec::new(), Vec::new());
    if let Some(text) = &say.text {
        let (part, entry) = salted_text(text, fresh(&**entropy));
        parts.push(part);
        entries.push(entry);
    }
    let limit = standing.partner.descriptor.limits.artifact;
    for (number, file) in (1..).zip(say.attachments) {
        let (part, entry) = attachment::write(node, number, file, limit).await?;
        parts.push(part);
        entries.push(entry);
    }
    let journal = vec![node.journal_by(&say.by, say.event, say.body.matter(), say.details)];
    let effect = SealEffect::Matter { body: say.body, text: say.text };
    let envelope = Envelope {
        kind,
        partner: standing.record.root,
        agreement: standing.reference,
        entries,
        parts,
    };
    let sealed = seal_statement(node, envelope, &raw, effect, journal).await?;
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(sealed)
}

/// Whether a party may say something in a matter, known or to be opened.
fn judge(
    known: Option<&MatterRow>,
    from: PartyRoot,
    body: &MatterBody,
) -> std::result::Result<(), MatterError> {
    match known {
        Some(known) => known.accepts(from, body),
        None => rules::accepts(&[], from, body),
    }
}

/// Seals the receipts of what the partner said in a matter before anything is answered to it: from their order in this party's
/// channel the partner sees what was heard (docs/protocol.md section 4.9).
async fn acknowledge_first(node: &Node, matter: &MatterRow) -> Result<()> {
    for entry in matter.entries.iter().filter(|it| it.said.from != node.root()) {
        let row = node.store().inbox_row(entry.statement()).await?;
        if row.is_some_and(|it| !it.receipted) {
            acknowledge(node, Duration::MAX).await?;
            break;
        }
    }
    Ok(())
}

/// A folio that the store overwrites when it seals.
pub fn unnumbered(node: &Node) -> Folio {
    Folio::new(node.record().handle.clone(), 0, 0)
}

/// The matter with an id or a folio of either side, of one of these kinds.
pub async fn find(node: &Node, name: &str, kinds: &[MatterKind]) -> Result<MatterRow> {
    let what = folio::with_article(kinds.first().copied());
    let id: MatterId = if let Ok(id) = name.parse() {
        id
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message =
                told!("not {what}; write its folio, as `MX-2026-000123`, or its id", what);
            ExchangeError::input(name, message.named("not-a-folio"))
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Matter(id)) if kinds.contains(&id.kind()) => id,
            Some(subject) => return Err(of_another_kind(&folio, &subject, what)),
            None => return Err(folio::unknown(kinds.first().copied(), name)),
        }
    };
    let found = node.store().matter(id).await?.filter(|it| kinds.contains(&it.id.kind()));
    found.ok_or_else(|| folio::unknown(kinds.first().copied(), name))
}

/// What a statement of a matter changes here, or why it is refused.
pub(crate) async fn take(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
    pouch: OpenPouch,
) -> Result<std::result::Result<PublishEffect, Refusal>> {
    let Some(Ok(body)) = MatterBody::of(payload) else { return Ok(Err(Refusal::BadBody)) };
    let known = node.store().matter(body.matter()).await?;
    if known.as_ref().is_some_and(|it| it.agreement != payload.agreement.id) {
        return Ok(Err(Refusal::MatterUnknown));
    }
    if let Err(error) = judge(known.as_ref(), payload.from, &body) {
        return Ok(Err(error.refusal()));
    }
    if let Err(refusal) = checks::against_the_record(node, payload, standing, &body).await? {
        return Ok(Err(refusal));
    }
    let read = reading::read(node, payload, body.text_rule(), pouch).await?;
    Ok(read.map(|(text, attachments)| PublishEffect::Matter { body, text, attachments }))
}

/// Whether a text and files fit what the body asks for.
fn check_text(say: &Say) -> Result<()> {
    let rule = say.body.text_rule();
    let text_fits = match (rule, &say.text) {
        (TextRule::None, text) => text.is_none(),
        (TextRule::Optional, None) => true,
        (TextRule::Required | TextRule::WithAttachments, None) => false,
        (_, Some(text)) => !text.trim().is_empty() && text.len() <= TEXT_LIMIT,
    };
    if !text_fits {
        let message = told!("write a text of 1 to {most} bytes", most = TEXT_LIMIT);
        return Err(ExchangeError::input("the text", message.named("text-length")));
    }
    let most = if rule == TextRule::WithAttachments { MAX_ATTACHMENTS } else { 0 };
    if say.attachments.len() > most {
        let message = told!("at most {most} files may travel with this", most);
        return Err(ExchangeError::input("the attachments", message.named("too-many-attachments")));
    }
    Ok(())
}

/// The digest of a statement by which something is answered or recalled, as people name it: a digest, or the folio of a
/// release of this party or of a partner.
pub async fn release_statement(node: &Node, name: &str) -> Result<Digest> {
    if let Ok(digest) = name.parse() {
        return Ok(digest);
    }
    let folio: Folio = name.parse().map_err(|_| {
        let message =
            "not a release; write its folio, as `MX-2026-000123`, or its statement's digest";
        ExchangeError::input(name, Told::from(message).named("not-a-folio"))
    })?;
    let not_sealed = || {
        let message =
            told!("the release `{folio}` is not sealed; `comity release send` seals it", folio)
                .named("release-not-sealed");
        ExchangeError::refused("release-state", message)
    };
    match node.store().by_folio(folio.clone()).await? {
        Some(FolioSubject::Inbox(digest)) => Ok(digest),
        Some(FolioSubject::Release(id)) => {
            let row = node.store().release(id).await?;
            row.and_then(|it| it.statement).ok_or_else(not_sealed)
        }
        Some(subject) => Err(of_another_kind(&folio, &subject, "a release")),
        None => Err(ExchangeError::no_folio(&folio)),
    }
}
