//! `comity audit person`: who received data about one person, and who looked at it here.

use comity_exchange::access::Reader;
use comity_exchange::audit::{Person, person};

use super::lost;
use crate::commands::journal::verb;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, fields, short, table, time, yes_no};

/// Who it is about.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The person: a name or an alias, whatever its case and accents, or the STIX id of an object. --purpose must be given
    #[arg(value_name = "NAME|ID")]
    who: String,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, reader: &Reader, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let body = person(&node, &args.who, reader).await?;
    ctx.reply(&body, said(ctx, &names, &body))
}

fn said(ctx: &Ctx, names: &Names, body: &Person) -> String {
    let persons = body.persons.iter().map(|it| {
        let whose =
            it.partner.map_or_else(|| ctx.say("own", "propia").to_owned(), |root| names.name(root));
        format!(
            "{} ({whose}, {})",
            it.name.as_deref().map(|it| short(it, 60)).unwrap_or_default(),
            it.id
        )
    });
    let mut parts = vec![fields(&[
        (ctx.say("found", "hallado"), persons.collect::<Vec<_>>().join("; ")),
        (
            ctx.say("objects that are it or name it", "objetos que lo son o lo nombran"),
            body.objects.to_string(),
        ),
        (ctx.say("all looked at", "todos revisados"), yes_no(ctx.lang, body.complete).to_owned()),
    ])];
    let (released, received) = (
        ctx.say("Left in releases", "Salió en entregas"),
        ctx.say("Came from partners", "Llegó de contrapartes"),
    );
    let left = body.releases.iter().flat_map(|it| {
        it.objects.iter().map(|object| {
            [
                it.folio.to_string(),
                time(it.composed_at),
                names.name(it.to),
                it.clause.clone(),
                object.id.clone(),
                if object.pseudonym {
                    format!("{} {}", ctx.say("pseudonym", "seudónimo"), object.sent_as)
                } else {
                    ctx.say("its own id", "su propio identificador").to_owned()
                },
                yes_no(ctx.lang, object.onward_of.is_some()).to_owned(),
            ]
        })
    });
    let heading = [
        "folio",
        ctx.say("composed", "preparada"),
        ctx.say("to", "para"),
        ctx.say("clause", "cláusula"),
        ctx.say("object", "objeto"),
        ctx.say("as", "como"),
        ctx.say("onward by consent", "a terceros por consentimiento"),
    ];
    section(&mut parts, released, &heading, left);
    let came = body
        .received
        .iter()
        .map(|it| [names.name(it.from), time(it.received_at), it.id.clone(), it.version.clone()]);
    let heading = [
        ctx.say("from", "de"),
        ctx.say("received", "recepción"),
        ctx.say("object", "objeto"),
        ctx.say("version", "versión"),
    ];
    section(&mut parts, received, &heading, came);
    let given = body.units.iter().map(|it| [it.unit.clone(), time(it.at), it.id.clone()]);
    let heading =
        [ctx.say("unit", "instancia"), ctx.say("at", "fecha"), ctx.say("object", "objeto")];
    section(&mut parts, ctx.say("Given to units", "Dado a instancias nacionales"), &heading, given);
    let recalls = body
        .recalls
        .iter()
        .map(|it| [it.folio.to_string(), time(it.at), names.name(it.by), names.name(it.from)]);
    let heading = ["folio", ctx.say("at", "fecha"), ctx.say("by", "de"), ctx.say("from", "a")];
    section(&mut parts, ctx.say("Recalled", "Solicitado en retiro"), &heading, recalls);
    let looked = body.accesses.iter().map(|it| {
        [
            time(it.at),
            short(&it.actor, 30),
            verb(ctx.lang, it.verb).to_owned(),
            it.area.clone(),
            it.purpose.text.as_deref().map(|it| short(it, 40)).unwrap_or_default(),
        ]
    });
    let heading = [
        ctx.say("at", "fecha"),
        ctx.say("by", "por"),
        ctx.say("did", "acción"),
        ctx.say("in", "en"),
        ctx.say("what for", "para qué"),
    ];
    section(&mut parts, ctx.say("Looked at here", "Consultado aquí"), &heading, looked);
    parts.extend(lost::said(ctx, names, &body.lost));
    parts.join("\n\n")
}

/// A heading and a table, where there is anything in it.
fn section<const N: usize>(
    parts: &mut Vec<String>,
    title: &str,
    heading: &[&str],
    rows: impl Iterator<Item = [String; N]>,
) {
    let rows: Vec<[String; N]> = rows.collect();
    if !rows.is_empty() {
        parts.push(format!("{title}\n{}", table(heading, rows)));
    }
}
