//! Advice and technical support: asked for, offered, accepted, declined, given, noted, adopted; and disputes
//! (docs/protocol.md section 3.15). It binds nobody: whatever is answered, nothing but the record changes.

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{AdviceAct, AdviceBody, AdviceTopic, MatterBody};
use comity_model::statement::Payload;
use comity_model::told;
use comity_model::{ChannelId, Digest, Folio, MatterId, MatterKind, PartyRoot, Refusal};
use comity_policy::Scope;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::error::{ExchangeError, Result};
use crate::matter::{self, Attachment, Say, unnumbered};
use crate::node::Node;
use crate::ports::{FolioSubject, MatterRow, OutboundRow};
use crate::request::must_cover;

/// What begins a matter of advice.
#[derive(Debug, Clone)]
pub struct Open {
    /// To whom.
    pub to: PartyRoot,
    /// Ask, offer or give.
    pub act: AdviceAct,
    /// About what; a dispute begins with [`dispute`].
    pub topic: AdviceTopic,
    /// The text and the files.
    pub content: Content,
}

/// What travels with a statement about advice.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// The text.
    pub text: Option<String>,
    /// Files: data, never code; only what is given has some.
    pub attachments: Vec<Attachment>,
    /// Who says it; stays in the journal.
    pub by: String,
}

/// Asks for support, offers it, or gives it unasked. Refused with `scope-not-granted` where the agreement's scope has no
/// `technical-support`.
pub async fn open(node: &Node, open: Open) -> Result<OutboundRow> {
    let body = AdviceBody {
        advice: new_id(node),
        folio: unnumbered(node),
        act: open.act,
        topic: open.topic,
        about: None,
    };
    begin(node, open.to, body, open.content).await
}

/// Disputes a statement of either party: `about` is its digest, or a folio of a release or of something said in a matter.
/// Refused with `target-unknown` where it is in neither channel of the agreement with `to`.
pub async fn dispute(
    node: &Node,
    to: PartyRoot,
    about: &str,
    content: Content,
) -> Result<OutboundRow> {
    let id = new_id(node);
    let found = statement(node, about).await;
    let about = matter::or_journal(node, &content.by, &id.to_string(), found).await?;
    let body = AdviceBody {
        advice: id,
        folio: unnumbered(node),
        act: AdviceAct::Dispute,
        topic: AdviceTopic::Dispute,
        about: Some(about),
    };
    begin(node, to, body, content).await
}

fn new_id(node: &Node) -> MatterId {
    MatterId::new(MatterKind::Advice, fresh_uuid(&**node.entropy()))
}

async fn begin(
    node: &Node,
    to: PartyRoot,
    body: AdviceBody,
    content: Content,
) -> Result<OutboundRow> {
    let id = body.advice.to_string();
    let standing = standing(node, to, &body).await;
    let standing = matter::or_journal(node, &content.by, &id, standing).await?;
    said(node, &standing, body, content).await
}

/// Goes on in a matter of advice: accepts, declines, gives, notes or adopts.
pub async fn answer(
    node: &Node,
    name: &str,
    act: AdviceAct,
    content: Content,
) -> Result<OutboundRow> {
    let prepared = prepare(node, name, act).await;
    let (standing, body) = matter::or_journal(node, &content.by, name, prepared).await?;
    said(node, &standing, body, content).await
}

async fn prepare(node: &Node, name: &str, act: AdviceAct) -> Result<(Standing, AdviceBody)> {
    let row = find(node, name).await?;
    let topic = topic(&row).ok_or_else(|| ExchangeError::damaged("a matter"))?;
    let folio = unnumbered(node);
    let body = AdviceBody { advice: row.id, folio, act, topic, about: None };
    let standing = standing(node, row.partner(node.root()), &body).await?;
    Ok((standing, body))
}

/// The agreement to say it under.
async fn standing(node: &Node, partner: PartyRoot, body: &AdviceBody) -> Result<Standing> {
    let standing = agreement::in_force(node, partner, node.now()).await?;
    if body.topic != AdviceTopic::Dispute {
        must_cover(&standing.agreement, Scope::TechnicalSupport)?;
    } else if let Some(about) = body.about
        && !crossed(node, channel(node, &standing), about).await?
    {
        let message = told!(
            "the statement `{about}` is in neither channel of the agreement; `comity inbox list` and \
             `comity release list` show those that are",
            about
        );
        return Err(ExchangeError::refused(Refusal::TargetUnknown.code(), message));
    }
    Ok(standing)
}

async fn said(
    node: &Node,
    standing: &Standing,
    body: AdviceBody,
    content: Content,
) -> Result<OutboundRow> {
    let names: Vec<&str> = content.attachments.iter().map(|it| it.name.as_str()).collect();
    let details = json!({
        "act": body.act.as_str(), "topic": body.topic.as_str(), "about": body.about, "attachments": names,
    });
    let say = Say {
        body: body.into(),
        text: content.text,
        attachments: content.attachments,
        event: "advice-said",
        details,
        by: content.by,
    };
    matter::say(node, standing, say).await
}

/// The matter of advice with an id or a folio, of either side.
pub async fn find(node: &Node, name: &str) -> Result<MatterRow> {
    matter::find(node, name, &[MatterKind::Advice]).await
}

/// What a matter of advice is about.
pub fn topic(row: &MatterRow) -> Option<AdviceTopic> {
    match row.opening()?.body() {
        MatterBody::Advice(body) => Some(body.topic),
        _ => None,
    }
}

/// The statement that people mean: by its digest, by the folio of a release, or by the folio of what was said in a matter.
async fn statement(node: &Node, name: &str) -> Result<Digest> {
    if let Ok(folio) = name.parse::<Folio>()
        && let Some(FolioSubject::Matter(id)) = node.store().by_folio(folio.clone()).await?
        && let Some(row) = node.store().matter(id).await?
        && let Some(entry) = row.entries.iter().find(|it| it.folio == folio)
    {
        return Ok(entry.statement());
    }
    matter::release_statement(node, name).await
}

fn channel(node: &Node, standing: &Standing) -> ChannelId {
    ChannelId {
        agreement: standing.reference.id,
        epoch: 1,
        from: node.root(),
        to: standing.record.root,
    }
}

/// Whether a statement is in a channel of an agreement, either way and in whichever epoch.
async fn crossed(node: &Node, own: ChannelId, statement: Digest) -> Result<bool> {
    if let Some(row) = node.store().outbound(statement).await? {
        return Ok(row.channel.is_way_of(&own) && row.sequence.is_some());
    }
    let row = node.store().inbox_row(statement).await?;
    Ok(row.is_some_and(|it| it.channel.is_way_of(&own.reverse())))
}

/// What an `advice` of the partner must fulfil beside the rules of all matters.
pub(crate) async fn check(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
    body: &AdviceBody,
) -> Result<std::result::Result<(), Refusal>> {
    if body.topic != AdviceTopic::Dispute {
        let covered = standing.agreement.scope.contains(&Scope::TechnicalSupport);
        return Ok(if covered { Ok(()) } else { Err(Refusal::ScopeNotGranted) });
    }
    match body.about {
        Some(about) if !crossed(node, payload.channel().reverse(), about).await? => {
            Ok(Err(Refusal::TargetUnknown))
        }
        _ => Ok(Ok(())),
    }
}
