//! What a report for an inspectorate proves, in plain words.

use comity_exchange::audit::{Flaw, Place, Report, Signed, check_beside};
use comity_exchange::evidence::Revocation;
use comity_model::{Digest, Handle, PartyRoot};
use comity_pouch::descriptor::Verified;
use serde::Serialize;

use super::verdict::{self, FlawBody};
use super::{Judged, Pinned};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::lang::Lang;
use crate::output::on_one_line;

/// The beginning of such a file.
pub(super) const BEGINNING: &[u8] = b"{\"format\":\"comity-audit/1\"";

/// The answer for programs.
#[derive(Serialize)]
struct Body<'a> {
    format: &'static str,
    verdict: &'static str,
    signed: SignedBody<'a>,
}

#[derive(Serialize)]
struct SignedBody<'a> {
    by: PartyRoot,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_as: Option<&'a str>,
    handle: String,
    test: bool,
    /// Whether the key that signed was taken back.
    revoked: bool,
    digest: Digest,
    report: &'a Report,
}

/// Checks the file and says what it proves.
pub(super) fn judge(
    ctx: &Ctx,
    file: &[u8],
    pinned: &[Pinned],
    descriptors: &[Verified],
) -> Result<Judged, CliError> {
    let format = comity_exchange::audit::FORMAT;
    let signed = match check_beside(file, &verdict::roots(pinned), descriptors) {
        Ok(signed) => signed,
        Err(flaw) => {
            let body = FlawBody { member: flaw.member, code: flaw.code, message: &flaw.message };
            return Judged::broken(format, body, flaw_text(ctx.lang, &flaw));
        }
    };
    let name = verdict::pinned_as(pinned, signed.signer.root).map(Handle::as_str);
    let (verdict, exit) = match verdict::judged(signed.pinned, signed.revocation) {
        // what is shown is who said it, and nothing else
        (_, Exit::Done) => (verdict::SIGNED, Exit::Done),
        doubtful => doubtful,
    };
    let text = text(ctx.lang, &signed, name);
    let body = SignedBody {
        by: signed.signer.root,
        pinned_as: name,
        handle: signed.signer.handle.to_string(),
        test: signed.signer.test,
        revoked: signed.revocation != Revocation::None,
        digest: Digest::of(&signed.bytes),
        report: &signed.report,
    };
    Judged::new(&Body { format, verdict, signed: body }, text, exit)
}

fn text(lang: Lang, signed: &Signed, pinned_as: Option<&str>) -> String {
    let Signed { report, signer, .. } = signed;
    let name = pinned_as.unwrap_or(signer.handle.as_str());
    let (from, until, root) = (report.days.from, report.days.until, signer.root);
    let mut lines = verdict::lines(lang, signed.pinned, signed.revocation, signer.test);
    let is_said = signed.pinned && !signed.revocation.is_open();
    if let Some(first) = lines.first_mut().filter(|_| is_said) {
        // what is proved is who said it
        let said = lang.pick(
            "SIGNED BY THE PARTY; THE COUNTS ARE ITS WORD",
            "FIRMADO POR LA PARTE; LAS CUENTAS SON SU PALABRA",
        );
        said.clone_into(first);
    }
    lines.push(match lang {
        Lang::En => {
            format!("- `{name}` ({root}) signed this report on its record from {from} to {until}.")
        }
        Lang::Es => {
            format!("- `{name}` ({root}) firmó este informe de su registro del {from} al {until}.")
        }
    });
    for pair in &report.shared {
        for it in &pair.directions {
            let agreement = pair.agreement;
            let reached = it.ended.iter().filter(|place| place.epoch >= it.begin.epoch);
            for place in reached.chain([&it.end]) {
                let first = if place.epoch == it.begin.epoch { it.begin.size } else { 0 };
                let Place { epoch, size: end, root } = place;
                lines.push(match lang {
                    Lang::En => format!("- {agreement}, epoch {epoch}, {} to {}: statements {first} to below {end}; root at {end}: {root}", it.from, it.to),
                    Lang::Es => format!("- {agreement}, época {epoch}, {} a {}: declaraciones de la {first} a antes de la {end}; raíz en {end}: {root}", it.from, it.to),
                });
            }
        }
    }
    lines.push(
        lang.pick(
            "That the counts are those of the record rests on the party's word. The other party computes the same `shared` from \
             its own record with `comity audit export`; evidence of single statements stands under the same roots.",
            "Que las cuentas son las del registro descansa en la palabra de la parte. La otra parte obtiene el mismo `shared` de \
             su propio registro con `comity audit export`; la evidencia de cada declaración está bajo las mismas raíces.",
        )
        .to_owned(),
    );
    lines.join("\n")
}

fn flaw_text(lang: Lang, flaw: &Flaw) -> String {
    let (member, message) = (flaw.member, on_one_line(&flaw.message));
    if lang == Lang::En {
        return format!("DOES NOT HOLD, in `{member}`: {message}");
    }
    let what = match flaw.code {
        "audit-too-large" | "envelope-too-large" => "es más largo de lo que admite el formato",
        "audit-malformed" | "envelope-malformed" | "envelope-base64" | "envelope-bounds" => {
            "no es un informe de este formato"
        }
        "audit-rewritten" => "no está escrito como exige el formato",
        "root-not-pinned" => "es de una parte cuya raíz no se fijó",
        "descriptor-forked" | "descriptor-order" => {
            "no concuerda con los descriptores que se indicaron; pregunte a la parte cuáles son los suyos"
        }
        "another-party" => "es de otra parte que quien firmó",
        "signature-bad" | "signature-missing" | "signature-unknown" | "signature-repeated" => {
            "sus dos firmas no son de la clave que corresponde"
        }
        other => return format!("NO SE SOSTIENE, en `{member}`: no se sostiene (`{other}`)"),
    };
    format!("NO SE SOSTIENE, en `{member}`: {what}")
}
