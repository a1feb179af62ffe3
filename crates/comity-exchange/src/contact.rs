//! Contacts outside the system: a call, a meeting, a letter. They are entered by people, kept in this node alone, linked to
//! the proposals that they were about, and reported where national law asks for it. No contact ever crosses; the journal
//! has their ids and not their words.

use comity_model::entropy::fresh_uuid;
use comity_model::told;
use comity_model::told::Told;
use comity_model::{ContactId, Folio, MatterId, PartyRoot};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::json;

use crate::error::{ExchangeError, Result};
use crate::matter::of_another_kind;
use crate::node::Node;
use crate::ports::{Contact, ContactKind, ContactRow, FolioSubject};
use crate::propose::ProposalRow;
use crate::recovery;

mod report;
mod template;

pub use report::{
    Due, Report, Statement, Subject, contact_word, due, find_subject, kind_word, record, report,
    subject,
};
pub use template::{About, Language, Placeholder, ReportClock, Template, TemplateError};

/// Characters of an office.
const MAX_OFFICE: usize = 80;
/// Characters of a subject or of the reference of an authorisation.
const MAX_LINE: usize = 200;
/// Bytes of what was said.
const MAX_SAID: usize = 64 * 1024;

/// A contact to be entered. It asks for offices and never for a person's name.
#[derive(Debug, Clone)]
pub struct NewContact {
    /// With whom.
    pub partner: PartyRoot,
    /// How.
    pub kind: ContactKind,
    /// When it took place; not in the future.
    pub at: Timestamp,
    /// The offset from UTC of the clock by which that is told.
    pub offset: Offset,
    /// This party's office, 1 to 80 characters.
    pub our_office: String,
    /// The partner's, 1 to 80 characters.
    pub their_office: String,
    /// What it was about: a line of 1 to 200 characters.
    pub subject: String,
    /// What was said: 1 to 65,536 bytes.
    pub said: String,
    /// The office that authorised it and the reference of the authorisation: `OFFICE/REFERENCE`.
    pub authorised_by: String,
    /// The proposal that it was about, of the same partner.
    pub proposal: Option<MatterId>,
    /// Who enters it; stays in the journal.
    pub by: String,
}

/// Enters a contact.
pub async fn add(node: &Node, new: NewContact) -> Result<ContactRow> {
    let at = node.now();
    let (office, reference) = new.authorised_by.split_once('/').unwrap_or_default();
    let contact = Contact {
        id: ContactId::new(fresh_uuid(&**node.entropy())),
        partner: new.partner,
        kind: new.kind,
        at: new.at,
        offset: new.offset,
        our_office: line("--our-office", &new.our_office, MAX_OFFICE)?,
        their_office: line("--their-office", &new.their_office, MAX_OFFICE)?,
        subject: line("--subject", &new.subject, MAX_LINE)?,
        said: new.said,
        authorised_by: line("--authorised-by", office, MAX_OFFICE)?,
        authorisation: line("--authorised-by", reference, MAX_LINE)?,
        recorded_at: at,
    };
    if contact.said.trim().is_empty() || contact.said.len() > MAX_SAID {
        let message = told!("write what was said, in 1 to {most} bytes", most = MAX_SAID);
        return Err(ExchangeError::input("--said", message.named("text-length")));
    }
    if contact.at > at {
        let message = "a contact is entered after it took place; give a time that has passed";
        return Err(ExchangeError::input("--at", Told::from(message).named("contact-in-future")));
    }
    let checked = match new.proposal {
        Some(id) => must_be_theirs(node, id, contact.partner).await,
        None => Ok(()),
    };
    journalled(node, contact.id, &new.by, checked).await?;
    let details = json!({
        "kind": contact.kind, "partner": contact.partner, "at": contact.at, "proposal": new.proposal,
    });
    let journal = vec![node.journal_by(&new.by, "contact-added", contact.id, details)];
    let links = new.proposal.into_iter().collect();
    let added = node.store().add_contact(contact, links, journal).await?;
    recovery::keep_folios(node).await?;
    Ok(added)
}

/// Links a contact to a proposal that it was about. Refused with `contact-linked` where it is linked to it, and with
/// `contact-other-party` where the proposal is another partner's.
pub async fn link(
    node: &Node,
    contact: &ContactRow,
    proposal: &ProposalRow,
    by: &str,
) -> Result<()> {
    let id = contact.contact.id;
    let mut checked = must_be_theirs(node, proposal.id, contact.contact.partner).await;
    if checked.is_ok() && contact.links.contains(&proposal.id) {
        let message = told!(
            "the contact {contact} is linked to {proposal} already",
            contact = contact.folio,
            proposal = proposal.folio
        );
        checked = Err(ExchangeError::refused("contact-linked", message));
    }
    journalled(node, id, by, checked).await?;
    let details = json!({ "proposal": proposal.id });
    let journal = vec![node.journal_by(by, "contact-linked", id, details)];
    Ok(node.store().link_contact(id, proposal.id, journal).await?)
}

/// The contact with an id or a folio of this party.
pub async fn find(node: &Node, name: &str) -> Result<ContactRow> {
    let id = if let Ok(id) = name.parse() {
        Some(id)
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message = "not a contact; write its folio, as `MX-2026-000123`, or its id";
            ExchangeError::input(name, Told::from(message).named("not-a-folio"))
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Contact(id)) => Some(id),
            Some(subject) => return Err(of_another_kind(&folio, &subject, "a contact")),
            None => None,
        }
    };
    let found = match id {
        Some(id) => node.store().contact(id).await?,
        None => None,
    };
    found.ok_or_else(|| ExchangeError::NotFound {
        what: "contact",
        name: name.to_owned(),
        advice: "`comity contact list` shows those that were entered",
    })
}

/// Refuses a proposal that is not between this party and `partner`.
async fn must_be_theirs(node: &Node, proposal: MatterId, partner: PartyRoot) -> Result<()> {
    let found = node.store().matter(proposal).await?;
    if found
        .as_ref()
        .and_then(ProposalRow::of)
        .is_some_and(|it| it.from == partner || it.to == partner)
    {
        return Ok(());
    }
    let message = told!(
        "`{proposal}` is no proposal between this party and the one of the contact; `comity proposal list` shows those \
         that are",
        proposal
    );
    Err(ExchangeError::refused("contact-other-party", message))
}

/// Passes a result on; a refusal leaves a line in the journal.
async fn journalled<T>(node: &Node, id: ContactId, by: &str, result: Result<T>) -> Result<T> {
    if let Err(ExchangeError::Refused { code, .. }) = &result {
        let journal = vec![node.journal_by(by, "contact-refused", id, json!({ "code": code }))];
        node.store().journal(journal).await?;
    }
    result
}

/// A text of one line without controls.
fn line(place: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    let count = text.chars().count();
    if count == 0 || count > most || text.chars().any(char::is_control) {
        let form = if place == "--authorised-by" { ", as OFFICE/REFERENCE" } else { "" };
        let message = told!("write a line of 1 to {most} characters{form}", most, form);
        return Err(ExchangeError::input(
            place,
            message.named(if form.is_empty() { "line-length" } else { "office-and-reference" }),
        ));
    }
    Ok(text.to_owned())
}
