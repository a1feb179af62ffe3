//! What a file about two things that a party signed proves, in plain words.

use comity_exchange::evidence::Flaw;
use comity_exchange::evidence::equivocation::{
    Collision, Conviction, Equivocation, FORMAT, check_beside,
};
use comity_model::{Digest, PartyRoot};
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;
use serde::Serialize;

use super::{Judged, Pinned, flaws, verdict};
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::time;

/// The answer for programs.
#[derive(Serialize)]
struct Body {
    format: &'static str,
    verdict: &'static str,
    convicted: Convicted,
}

#[derive(Serialize)]
struct Convicted {
    party: PartyRoot,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_as: Option<String>,
    handle: String,
    test: bool,
    log: String,
    /// Whether a key that signed was taken back.
    revoked: bool,
    #[serde(flatten)]
    of: Two,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Two {
    Statements { sequence: Option<u64>, statements: [Digest; 2], issued_at: [Timestamp; 2] },
    Roots { size: u64, roots: [Digest; 2] },
}

/// Checks the file and says what it proves.
pub(super) fn judge(
    ctx: &Ctx,
    file: &[u8],
    pinned: &[Pinned],
    descriptors: &[Verified],
) -> Result<Judged, CliError> {
    let checked = Equivocation::parse(file)
        .map_err(Flaw::from)
        .and_then(|it| check_beside(&it, &verdict::roots(pinned), descriptors));
    let conviction = match checked {
        Ok(conviction) => conviction,
        Err(flaw) => return flaws::broken(ctx.lang, FORMAT, &flaw),
    };
    let party = &conviction.party;
    let name = verdict::pinned_as(pinned, party.root).map(ToString::to_string);
    let text = text(ctx.lang, &conviction, name.as_deref());
    let (verdict, exit) = verdict::judged(party.pinned, conviction.revocation);
    let revoked = conviction.is_revoked();
    let convicted = Convicted {
        party: party.root,
        pinned_as: name,
        handle: party.handle.to_string(),
        test: party.test,
        log: conviction.channel,
        revoked,
        of: match conviction.collision {
            Collision::Statements { sequence, digests, issued_at } => {
                Two::Statements { sequence, statements: digests, issued_at }
            }
            Collision::Checkpoints { size, roots } => Two::Roots { size, roots },
        },
    };
    let body = Body { format: FORMAT, verdict, convicted };
    Judged::new(&body, text, exit)
}

fn text(lang: Lang, conviction: &Conviction, name: Option<&str>) -> String {
    let party = &conviction.party;
    let (name, root) = (name.unwrap_or(party.handle.as_str()), party.root);
    let mut who = format!("`{name}` ({root})");
    if conviction.is_revoked() {
        // whoever had it
        who = format!("{} {who}", lang.pick("a key of", "una clave de"));
    }
    let mut lines = verdict::lines(lang, party.pinned, conviction.revocation, party.test);
    if conviction.is_revoked() && !party.pinned {
        lines.insert(0, verdict::revoked(lang, conviction.revocation).to_owned());
    }
    lines.push(match (lang, &conviction.collision) {
        (Lang::En, Collision::Statements { sequence: Some(at), .. }) => format!(
            "{who} signed two statements for the place {at} of the log {}; only one can be:",
            conviction.channel
        ),
        (Lang::Es, Collision::Statements { sequence: Some(at), .. }) => format!(
            "{who} firmó dos declaraciones para el lugar {at} del registro {}; sólo una puede ser:",
            conviction.channel
        ),
        (Lang::En, Collision::Statements { sequence: None, .. }) => {
            format!("{who} signed two checkpoint statements of one id; only one can be:")
        }
        (Lang::Es, Collision::Statements { sequence: None, .. }) => format!(
            "{who} firmó dos declaraciones de corte con un mismo identificador; sólo una puede ser:"
        ),
        (Lang::En, Collision::Checkpoints { size, .. }) => format!(
            "{who} signed two roots for the size {size} of the log {}; only one can be:",
            conviction.channel
        ),
        (Lang::Es, Collision::Checkpoints { size, .. }) => format!(
            "{who} firmó dos raíces para el tamaño {size} del registro {}; sólo una puede ser:",
            conviction.channel
        ),
    });
    match &conviction.collision {
        Collision::Statements { digests, issued_at, .. } => {
            let sealed =
                lang.pick("sealed, by its own clock, at", "sellada, según su propio reloj, el");
            for (digest, at) in digests.iter().zip(issued_at) {
                lines.push(format!("- {digest}, {sealed} {}", time(*at)));
            }
        }
        Collision::Checkpoints { roots, .. } => {
            lines.extend(roots.iter().map(|root| format!("- {root}")));
        }
    }
    if conviction.is_revoked() {
        return lines.join("\n");
    }
    lines.push(
        lang.pick(
            "Nothing else is needed: whoever wrote this file could not have made it without the party's keys. That the keys \
             were in its hands alone rests on its own word.",
            "No hace falta nada más: quien escribió este archivo no pudo hacerlo sin las claves de la parte. Que las claves \
             estaban sólo en sus manos descansa en su propia palabra.",
        )
        .to_owned(),
    );
    lines.join("\n")
}
