//! Contacts as they are listed and shown.

use comity_exchange::access::{Area, Verb};
use comity_exchange::contact::{Template, contact_word, find};
use comity_exchange::partner;
use comity_exchange::ports::{ContactKind, ContactQuery, ContactRow};
use comity_model::{ContactId, Digest, Folio, MatterId};
use jiff::Timestamp;
use serde::Serialize;

use crate::config::Config;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::{Reply, fields, lasting, short, table, time};
use crate::templates::{Templates, language};

#[derive(Serialize)]
struct Line {
    contact: ContactId,
    folio: Folio,
    with: String,
    kind: ContactKind,
    at: Timestamp,
    our_office: String,
    their_office: String,
    subject: String,
    said: String,
    authorised_by: String,
    authorisation: String,
    recorded_at: Timestamp,
    proposals: Vec<MatterId>,
    reports: Vec<Written>,
    due: Vec<Awaited>,
}

#[derive(Serialize)]
struct Written {
    template: String,
    reported_at: Timestamp,
    by: String,
    digest: Digest,
}

#[derive(Serialize)]
struct Awaited {
    template: String,
    due: Timestamp,
    seconds_left: i64,
    overdue: bool,
}

#[derive(Serialize)]
struct All {
    contacts: Vec<Line>,
}

fn line(names: &Names, now: Timestamp, running: &[Template], row: ContactRow) -> Line {
    let reported = |template: &Template| row.reports.iter().any(|it| it.template == template.name);
    let due = running.iter().filter(|template| !reported(template)).filter_map(|template| {
        let clock = template.clock.filter(|clock| clock.contacts)?;
        let due = clock.due(row.contact.at);
        let seconds_left = due.duration_since(now).as_secs();
        let template = template.name.clone();
        Some(Awaited { template, due, seconds_left, overdue: now > due })
    });
    let due = due.collect();
    let contact = row.contact;
    Line {
        contact: contact.id,
        folio: row.folio,
        with: names.name(contact.partner),
        kind: contact.kind,
        at: contact.at,
        our_office: contact.our_office,
        their_office: contact.their_office,
        subject: contact.subject,
        said: contact.said,
        authorised_by: contact.authorised_by,
        authorisation: contact.authorisation,
        recorded_at: contact.recorded_at,
        proposals: row.links,
        reports: row
            .reports
            .into_iter()
            .map(|it| Written {
                template: it.template,
                reported_at: it.at,
                by: it.by,
                digest: it.digest,
            })
            .collect(),
        due,
    }
}

/// How long is left, or for how long it is late.
pub(super) fn left(ctx: &Ctx, seconds: i64, overdue: bool) -> String {
    let span = lasting(seconds.abs());
    if overdue {
        format!("{} {span}", ctx.say("overdue by", "vencido hace"))
    } else {
        format!("{} {span}", ctx.say("due in", "vence en"))
    }
}

fn standing(ctx: &Ctx, line: &Line) -> String {
    let due = line
        .due
        .iter()
        .map(|it| format!("{}: {}", it.template, left(ctx, it.seconds_left, it.overdue)));
    let written = line.reports.iter().map(|it| {
        format!("{}: {} {}", it.template, ctx.say("reported", "informado"), time(it.reported_at))
    });
    written.chain(due).collect::<Vec<_>>().join("; ")
}

/// `contact list`.
pub(super) async fn list(
    ctx: &Ctx,
    looks: &Looks,
    with: Option<String>,
    limit: u32,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let partner = match with {
        Some(name) => Some(partner::find_party(&node, &name).await?.root),
        None => None,
    };
    let running =
        Templates::load(&ctx.data)?.running(&Config::load(&ctx.data)?, &node.record().handle)?;
    let query = ContactQuery { partner, limit, ..ContactQuery::default() };
    let rows = node.store().contacts(query).await?;
    let now = node.now();
    let contacts = rows.into_iter().map(|row| line(&names, now, &running, row)).collect();
    let body = All { contacts };
    let folios = body.contacts.iter().map(|it| &it.folio);
    looks.search(ctx, &node, Area::Contacts, None, folios).await?;
    let text = if body.contacts.is_empty() {
        ctx.say("There is no contact.", "No hay ningún contacto.").to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("with", "con"),
            ctx.say("kind", "clase"),
            ctx.say("when", "cuándo"),
            ctx.say("subject", "asunto"),
            ctx.say("report", "informe"),
        ];
        let rows = body.contacts.iter().map(|it| {
            [
                it.folio.to_string(),
                it.with.clone(),
                contact_word(language(ctx.lang), it.kind).to_owned(),
                time(it.at),
                short(&it.subject, 50),
                standing(ctx, it),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

/// `contact show`.
pub(super) async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let running =
        Templates::load(&ctx.data)?.running(&Config::load(&ctx.data)?, &node.record().handle)?;
    let body = line(&names, node.now(), &running, find(&node, name).await?);
    looks.note(ctx, &node, Verb::Opened, Area::Contacts, [&body.folio]).await?;
    let proposals: Vec<String> = body.proposals.iter().map(ToString::to_string).collect();
    let text = fields(&[
        (ctx.say("contact", "contacto"), format!("{} ({})", body.folio, body.contact)),
        (ctx.say("with", "con"), body.with.clone()),
        (ctx.say("kind", "clase"), contact_word(language(ctx.lang), body.kind).to_owned()),
        (ctx.say("when", "cuándo"), time(body.at)),
        (ctx.say("our office", "área propia"), body.our_office.clone()),
        (ctx.say("their office", "área de la contraparte"), body.their_office.clone()),
        (
            ctx.say("authorised by", "autorizó"),
            format!("{}, {}", body.authorised_by, body.authorisation),
        ),
        (ctx.say("subject", "asunto"), body.subject.clone()),
        (ctx.say("proposals", "propuestas"), proposals.join(", ")),
        (ctx.say("entered", "registrado"), time(body.recorded_at)),
        (ctx.say("report", "informe"), standing(ctx, &body)),
    ]);
    let text = format!("{text}\n\n{}", body.said.trim_end());
    ctx.reply(&body, text)
}
