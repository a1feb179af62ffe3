//! Reports on contacts and on what was exchanged, and what still lacks one.

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeMap;

use comity_model::statement::{Kind, Payload, ReleaseBody};
use comity_model::{Digest, Folio, PartyRoot, ReleaseRecord};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use serde_json::json;

use super::template::{About, Language, Placeholder};
use super::{ReportClock, Template};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner;
use crate::ports::{
    ContactKind, ContactRow, FolioSubject, ReportRow, Reported, Unreported, UnreportedQuery,
};
use crate::propose::ProposalRow;

/// What stands where there is no value.
const NONE: &str = "-";

/// Something on which a report may be written.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A contact.
    Contact(ContactRow),
    /// A statement that was given or received.
    Statement(Statement),
}

/// What a report says of a statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Its digest.
    pub digest: Digest,
    /// Its kind.
    pub kind: Kind,
    /// Whether this party gave it.
    pub own: bool,
    /// The other party.
    pub partner: PartyRoot,
    /// When it was sealed here, or taken in.
    pub at: Timestamp,
    /// Its number at the party that made it.
    pub folio: Option<Folio>,
    /// Its text.
    pub text: Option<String>,
    /// How many objects it holds, for a release.
    pub objects: Option<u64>,
}

impl Subject {
    /// What it is.
    pub const fn on(&self) -> Reported {
        match self {
            Self::Contact(row) => Reported::Contact(row.contact.id),
            Self::Statement(it) => Reported::Statement(it.digest),
        }
    }

    /// When it took place.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Contact(row) => row.contact.at,
            Self::Statement(it) => it.at,
        }
    }

    /// By which clock days and hours are told: a contact's as it was entered, a statement's by UTC, as the record has it.
    const fn offset(&self) -> Offset {
        match self {
            Self::Contact(row) => row.contact.offset,
            Self::Statement(_) => Offset::UTC,
        }
    }

    /// With whom.
    pub const fn partner(&self) -> PartyRoot {
        match self {
            Self::Contact(row) => row.contact.partner,
            Self::Statement(it) => it.partner,
        }
    }

    /// Its number.
    pub const fn folio(&self) -> Option<&Folio> {
        match self {
            Self::Contact(row) => Some(&row.folio),
            Self::Statement(it) => it.folio.as_ref(),
        }
    }

    /// The kind of the contact or of the statement.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Contact(row) => row.contact.kind.as_str(),
            Self::Statement(it) => it.kind.as_str(),
        }
    }

    const fn about(&self) -> About {
        match self {
            Self::Contact(_) => About::Contact,
            Self::Statement(_) => About::Exchange,
        }
    }
}

/// A report as it is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The text, in Markdown.
    pub text: String,
    /// When it is due, where the template's clock runs for it.
    pub due: Option<Timestamp>,
    /// The one that was written before by the same template.
    pub written: Option<ReportRow>,
}

/// Something that lacks a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What.
    pub on: Reported,
    /// By which template.
    pub template: String,
    /// When it took place.
    pub at: Timestamp,
    /// When the report is due.
    pub due: Timestamp,
}

impl Due {
    /// Whether it is late at `now`.
    pub fn overdue(&self, now: Timestamp) -> bool {
        now > self.due
    }
}

/// The kinds of statements that are an exchange with the partner. Receipts, checkpoints and descriptors keep the record and the
/// keys and say nothing.
fn exchanged() -> Vec<Kind> {
    let keeps = [Kind::Receipt, Kind::Checkpoint, Kind::Descriptor];
    Kind::ALL.iter().copied().filter(|kind| !keeps.contains(kind)).collect()
}

/// What lacks a report by one of the templates, soonest due first, at most `limit` for each. Templates without a clock ask for
/// nothing.
pub async fn due(node: &Node, templates: &[Template], limit: u32) -> Result<Vec<Due>> {
    let mut all = Vec::new();
    for template in templates {
        let Some(clock) = template.clock else { continue };
        let query = UnreportedQuery {
            template: template.name.clone(),
            contacts: clock.contacts,
            kinds: if clock.exchanges { exchanged() } else { Vec::new() },
            limit,
        };
        let found = node.store().unreported(query).await?;
        all.extend(found.into_iter().map(|Unreported { on, at }| Due {
            on,
            template: template.name.clone(),
            at,
            due: clock.due(at),
        }));
    }
    all.sort_by(|a, b| (a.due, a.on, &a.template).cmp(&(b.due, b.on, &b.template)));
    Ok(all)
}

/// What a name stands for: a contact, or a statement by its digest or by a folio of either side.
pub async fn find_subject(node: &Node, name: &str) -> Result<Subject> {
    if let Ok(id) = name.parse() {
        return subject(node, Reported::Contact(id)).await;
    }
    if let Ok(digest) = name.parse() {
        return subject(node, Reported::Statement(digest)).await;
    }
    let folio: Folio = name.parse().map_err(|_| {
        let message = "not a contact and not a statement; write its folio, as `MX-2026-000123`, or its statement's digest";
        ExchangeError::input(name, Told::from(message).named("not-a-folio"))
    })?;
    let digest = match node.store().by_folio(folio.clone()).await? {
        Some(FolioSubject::Contact(id)) => return subject(node, Reported::Contact(id)).await,
        Some(FolioSubject::Inbox(digest)) => Some(digest),
        Some(FolioSubject::Release(id)) => {
            node.store().release(id).await?.and_then(|it| it.statement)
        }
        Some(FolioSubject::Matter(id)) => node.store().matter(id).await?.and_then(|it| {
            it.entries.iter().find(|it| it.folio == folio).map(|it| it.said.statement)
        }),
        Some(FolioSubject::Agreement(_)) | None => None,
    };
    match digest {
        Some(digest) => subject(node, Reported::Statement(digest)).await,
        None => Err(unknown(name)),
    }
}

/// What a report is on, with everything that it can say of it.
pub async fn subject(node: &Node, on: Reported) -> Result<Subject> {
    let found = match on {
        Reported::Contact(id) => node.store().contact(id).await?.map(Subject::Contact),
        Reported::Statement(digest) => statement(node, digest).await?.map(Subject::Statement),
    };
    found.ok_or_else(|| match on {
        Reported::Contact(id) => unknown(&id.to_string()),
        Reported::Statement(digest) => unknown(&digest.to_string()),
    })
}

fn unknown(name: &str) -> ExchangeError {
    ExchangeError::NotFound {
        what: "contact",
        name: name.to_owned(),
        advice: "`comity contact list` and `comity contact report --due` show what can be reported",
    }
}

async fn statement(node: &Node, digest: Digest) -> Result<Option<Statement>> {
    let (payload, own, at) = if let Some(row) = node.store().outbound(digest).await? {
        (row.payload, true, row.sealed_at)
    } else if let Some(row) = node.store().inbox_row(digest).await? {
        let at = row.receipt.received_at;
        (row.payload, false, at)
    } else {
        return Ok(None);
    };
    let payload = Payload::parse(&payload).map_err(ExchangeError::damaged)?;
    let Some(kind) = payload.known_kind() else { return Ok(None) };
    let mut it = Statement {
        digest,
        kind,
        own,
        partner: if own { payload.to } else { payload.from },
        at,
        folio: None,
        text: None,
        objects: None,
    };
    if kind == Kind::Release {
        let record = payload
            .body::<ReleaseBody>()
            .ok()
            .and_then(|body| ReleaseRecord::parse(&body.release).ok());
        it.objects = record.as_ref().map(|record| record.objects);
        it.folio = record.map(|record| record.folio);
    } else if let Some(matter) = node.store().matter_of(digest).await? {
        let entry = matter.entries.into_iter().find(|entry| entry.said.statement == digest);
        if let Some(entry) = entry {
            (it.folio, it.text) = (Some(entry.folio), entry.text);
        }
    }
    Ok(Some(it))
}

/// Fills a template. Nothing is kept by it.
pub async fn report(node: &Node, subject: &Subject, template: &Template) -> Result<Report> {
    let written = node.store().reports(subject.on()).await?;
    let written = written.into_iter().find(|it| it.template == template.name);
    let runs = |clock: &ReportClock| match subject {
        Subject::Contact(_) => clock.contacts,
        Subject::Statement(_) => clock.exchanges,
    };
    let due = template.clock.filter(runs).map(|clock| clock.due(subject.at()));
    let values = values(node, subject, template.language, due).await?;
    let value = |name| values.get(&name).map_or_else(|| NONE.to_owned(), |text| clean(text));
    Ok(Report { text: template.fill(subject.about(), value), due, written })
}

/// Keeps that a report was written, which ends its clock. Refused with `report-written` where there is one by the same template.
pub async fn record(
    node: &Node,
    subject: &Subject,
    template: &Template,
    report: &Report,
    by: &str,
) -> Result<()> {
    let name = match subject.on() {
        Reported::Contact(id) => id.to_string(),
        Reported::Statement(digest) => digest.to_string(),
    };
    if let Some(written) = &report.written {
        let details = json!({ "code": "report-written", "template": template.name });
        let journal = vec![node.journal_by(by, "report-refused", &name, details)];
        node.store().journal(journal).await?;
        let message = told!(
            "a report by the template `{template}` was written at {at}; write another one without recording it",
            template = template.name,
            at = written.at
        );
        return Err(ExchangeError::refused("report-written", message));
    }
    let at = node.now();
    let row = ReportRow {
        on: subject.on(),
        template: template.name.clone(),
        at,
        by: by.to_owned(),
        digest: Digest::of(report.text.as_bytes()),
    };
    let late = report.due.is_some_and(|due| at > due);
    let details = json!({ "template": template.name, "digest": row.digest, "late": late });
    let journal = vec![node.journal_by(by, "report-written", name, details)];
    Ok(node.store().report(row, journal).await?)
}

async fn values(
    node: &Node,
    subject: &Subject,
    language: Language,
    due: Option<Timestamp>,
) -> Result<BTreeMap<Placeholder, String>> {
    let parties = node.store().parties().await?;
    let partner = parties.iter().find(|it| it.root == subject.partner());
    let partner = partner.ok_or_else(|| ExchangeError::no_root(subject.partner()))?;
    let name = partner::keys_of(node, partner)?.descriptor.name.clone();
    let offset = subject.offset();
    let mut values = BTreeMap::from([
        (Placeholder::Date, date(subject.at(), offset)),
        (Placeholder::Time, hour(subject.at(), offset)),
        (Placeholder::Party, node.record().handle.to_string()),
        (Placeholder::PartyName, node.record().name.clone()),
        (Placeholder::Partner, partner.handle.to_string()),
        (Placeholder::PartnerName, name),
        (Placeholder::ReportedAt, whole(node.now(), offset)),
    ]);
    let folio = subject.folio().map(|folio| (Placeholder::Folio, folio.to_string()));
    values.extend(folio);
    values.extend(due.map(|due| (Placeholder::Due, whole(due, offset))));
    match subject {
        Subject::Contact(row) => {
            let it = &row.contact;
            let mut folios = Vec::new();
            for id in &row.links {
                let matter = node.store().matter(*id).await?;
                let proposal = matter.as_ref().and_then(ProposalRow::of);
                folios.extend(proposal.map(|proposal| proposal.folio.to_string()));
            }
            values.extend([
                (Placeholder::Kind, contact_word(language, it.kind).to_owned()),
                (Placeholder::OurOffice, it.our_office.clone()),
                (Placeholder::TheirOffice, it.their_office.clone()),
                (Placeholder::Subject, it.subject.clone()),
                (Placeholder::Said, it.said.trim_end().to_owned()),
                (Placeholder::AuthorisedBy, it.authorised_by.clone()),
                (Placeholder::Authorisation, it.authorisation.clone()),
            ]);
            if !folios.is_empty() {
                values.insert(Placeholder::Proposals, folios.join(", "));
            }
        }
        Subject::Statement(it) => {
            let direction = if it.own {
                language.pick("given", "entregada")
            } else {
                language.pick("received", "recibida")
            };
            values.extend([
                (Placeholder::Kind, kind_word(language, it.kind).to_owned()),
                (Placeholder::Direction, direction.to_owned()),
                (Placeholder::Statement, it.digest.to_string()),
            ]);
            values.extend(it.objects.map(|it| (Placeholder::Objects, it.to_string())));
            let without = language.pick("No text went with it.", "No lleva texto.");
            let text = it.text.as_deref().map_or(without, str::trim_end).to_owned();
            values.insert(Placeholder::Text, text);
        }
    }
    Ok(values)
}

/// A value without what could move a cursor: texts come from partners.
fn clean(text: &str) -> String {
    let safe = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().map(|c| if safe(c) { c } else { '\u{fffd}' }).collect()
}

fn date(at: Timestamp, offset: Offset) -> String {
    at.to_zoned(TimeZone::fixed(offset)).strftime("%Y-%m-%d").to_string()
}

fn hour(at: Timestamp, offset: Offset) -> String {
    let form = if offset == Offset::UTC { "%H:%M UTC" } else { "%H:%M %:z" };
    at.to_zoned(TimeZone::fixed(offset)).strftime(form).to_string()
}

fn whole(at: Timestamp, offset: Offset) -> String {
    format!("{}, {}", date(at, offset), hour(at, offset))
}

/// The word for a contact's kind.
pub const fn contact_word(language: Language, kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Call => language.pick("call", "llamada"),
        ContactKind::Meeting => language.pick("meeting", "reunión"),
        ContactKind::Letter => language.pick("letter", "comunicación escrita"),
        ContactKind::Message => language.pick("message", "mensaje electrónico"),
        ContactKind::Other => language.pick("other contact", "otro contacto"),
    }
}

/// The words for a statement's kind.
pub const fn kind_word(language: Language, kind: Kind) -> &'static str {
    match kind {
        Kind::Release => language.pick("release of information", "entrega de información"),
        Kind::Receipt => language.pick("receipt", "acuse de recibo"),
        Kind::Recall => language.pick("recall", "solicitud de retiro"),
        Kind::RecallAnswer => {
            language.pick("answer to a recall", "respuesta a una solicitud de retiro")
        }
        Kind::Purge => language.pick("statement of a purge", "constancia de eliminación"),
        Kind::Request => language.pick("request for information", "solicitud de información"),
        Kind::Clarification => {
            language.pick("clarification of a request", "aclaración de una solicitud")
        }
        Kind::Answer => language.pick("answer to a request", "respuesta a una solicitud"),
        Kind::Consent => language.pick("request for consent", "solicitud de consentimiento"),
        Kind::ConsentAnswer => {
            language.pick("answer on consent", "respuesta a una solicitud de consentimiento")
        }
        Kind::Proposal => language.pick("proposal", "propuesta"),
        Kind::Decision => language.pick("decision", "determinación"),
        Kind::Advice => language.pick("technical support", "asesoría técnica"),
        Kind::Agreement => language.pick("text of an agreement", "texto de un acuerdo"),
        Kind::Descriptor => language.pick("descriptor", "descriptor"),
        Kind::Suspension => language.pick("suspension", "suspensión"),
        Kind::Termination => language.pick("termination", "terminación"),
        Kind::Checkpoint => language.pick("checkpoint", "corte firmado del registro"),
    }
}
