//! What an opened commitment proves, in plain words.

use comity_exchange::evidence::Revocation;
use comity_exchange::opening::{Flaw, Proof, check_beside};
use comity_model::opening::{Difference, Differs, Member};
use comity_model::{AgreementId, Digest, Folio, PartyRoot};
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;
use serde::Serialize;

use super::verdict::{self, FlawBody};
use super::{Judged, Pinned};
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{on_one_line, time};

/// The answer for programs.
#[derive(Serialize)]
struct Body {
    format: &'static str,
    verdict: &'static str,
    proof: ProofBody,
}

#[derive(Serialize)]
struct ProofBody {
    from: PartyRoot,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_as: Option<String>,
    handle: String,
    name: String,
    test: bool,
    to: PartyRoot,
    folio: Folio,
    agreement: AgreementId,
    version: u32,
    clause: String,
    issued_at: Timestamp,
    statement: Digest,
    /// Whether the key that signed was taken back.
    revoked: bool,
    derivative: String,
    original: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_version: Option<String>,
    differences: Vec<Difference>,
}

/// Checks the file and says what it proves.
pub(super) fn judge(
    ctx: &Ctx,
    file: &[u8],
    pinned: &[Pinned],
    descriptors: &[Verified],
) -> Result<Judged, CliError> {
    let format = comity_model::opening::FORMAT;
    let proof = match check_beside(file, &verdict::roots(pinned), descriptors) {
        Ok(proof) => proof,
        Err(flaw) => {
            let body =
                FlawBody { member: flaw.member.as_str(), code: flaw.code, message: &flaw.message };
            return Judged::broken(format, body, flaw_text(ctx.lang, &flaw));
        }
    };
    let name = verdict::pinned_as(pinned, proof.from).map(ToString::to_string);
    let text = text(ctx.lang, &proof, name.as_deref());
    let (verdict, exit) = verdict::judged(proof.pinned, proof.revocation);
    let body = Body { format, verdict, proof: body_of(proof, name) };
    Judged::new(&body, text, exit)
}

fn body_of(proof: Proof, pinned_as: Option<String>) -> ProofBody {
    ProofBody {
        from: proof.from,
        pinned_as,
        handle: proof.handle.to_string(),
        name: proof.name,
        test: proof.test,
        to: proof.to,
        folio: proof.folio,
        agreement: proof.agreement.0,
        version: proof.agreement.1,
        clause: proof.clause,
        issued_at: proof.issued_at,
        statement: proof.statement,
        revoked: proof.revocation != Revocation::None,
        derivative: proof.derivative,
        original: proof.original.0,
        original_version: proof.original.1,
        differences: proof.differences,
    }
}

fn text(lang: Lang, proof: &Proof, pinned_as: Option<&str>) -> String {
    let say = |english: &'static str, spanish: &'static str| lang.pick(english, spanish);
    let party = match pinned_as {
        Some(name) => format!("`{name}` ({})", proof.from),
        None => format!("`{}` ({})", proof.handle, proof.from),
    };
    let mut lines = verdict::lines(lang, proof.pinned, proof.revocation, proof.test);
    let version = proof.original.1.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
    lines.push(String::new());
    lines.push(
        say("What the signatures and digests show:", "Lo que muestran las firmas y los resúmenes:")
            .to_owned(),
    );
    lines.push(format!(
        "- {party} {}",
        say(
            "signed this statement, and with it the exact bytes of the derivative:",
            "firmó esta declaración y, con ella, los octetos exactos del derivado:"
        )
    ));
    lines.push(format!("    {} {}", say("statement", "declaración"), proof.statement));
    lines.push(format!("    {} {}", say("derivative", "derivado"), proof.derivative));
    lines.push(format!(
        "- {} {} {} `{}` {} {} ({} {}) {} {}.",
        say("It was part of the release", "Formó parte de la entrega"),
        proof.folio,
        say("under the clause", "conforme a la cláusula"),
        on_one_line(&proof.clause),
        say("of", "de"),
        proof.agreement.0,
        say("version", "versión"),
        proof.agreement.1,
        say("to", "a"),
        proof.to
    ));
    lines.push(format!(
        "- {} {}{version}. {}",
        say("It was made from this original:", "Se hizo a partir de este original:"),
        proof.original.0,
        say(
            "The party had committed itself to it when it signed.",
            "La parte se había comprometido con él al firmar."
        ),
    ));
    lines.push(format!("- {}", say("They differ in:", "Difieren en:")));
    lines.extend(
        proof
            .differences
            .iter()
            .map(|it| format!("    {} {}", on_one_line(&it.property), differs(lang, it.how))),
    );
    lines.push(String::new());
    lines.push(
        say("What rests on the party's word:", "Lo que descansa en la palabra de la parte:")
            .to_owned(),
    );
    lines.push(format!(
        "- {} {} {}",
        say("that it was sealed at", "que se selló el"),
        time(proof.issued_at),
        say("(its own clock);", "(su propio reloj);")
    ));
    lines.push(say(
        "- that what the original says is true, that the agreement allowed the release, and who approved it.",
        "- que lo que dice el original es cierto, que el acuerdo permitía la entrega y quién la aprobó.",
    ).to_owned());
    lines.push(
        say(
            "This file does not show whether the release arrived, nor whether the statement is in the record.",
            "Este archivo no muestra si la entrega llegó ni si la declaración está en el registro.",
        )
        .to_owned(),
    );
    lines.join("\n")
}

fn differs(lang: Lang, how: Differs) -> &'static str {
    match how {
        Differs::Removed => lang.pick("(only in the original)", "(sólo en el original)"),
        Differs::Changed => lang.pick("(not the same)", "(no es igual)"),
        Differs::Added => lang.pick("(only in the derivative)", "(sólo en el derivado)"),
    }
}

fn flaw_text(lang: Lang, flaw: &Flaw) -> String {
    match lang {
        Lang::En => format!("DOES NOT HOLD, in `{}`: {}", flaw.member.as_str(), flaw.message),
        Lang::Es => format!(
            "NO SE SOSTIENE, en `{}` ({}): {}",
            flaw.member.as_str(),
            member_es(flaw.member),
            flaw_es(flaw.code)
        ),
    }
}

const fn member_es(member: Member) -> &'static str {
    match member {
        Member::File => "el archivo",
        Member::Descriptor => "el descriptor de la parte",
        Member::Statement => "la declaración firmada",
        Member::Line => "la línea del manifiesto",
        Member::Derivative => "el derivado entregado",
        Member::Original => "el original",
        Member::Opening => "la apertura del compromiso",
        Member::Path => "el camino hasta la raíz",
    }
}

fn flaw_es(code: &str) -> String {
    match code {
        "opening-too-large" => "es más largo de lo que admite el formato",
        "opening-malformed" => "no es una apertura de este formato",
        "opening-rewritten" => "no está escrito como exige el formato",
        "opening-damaged" => "se alteró o se dañó: su resumen no es el que figura en `sums`",
        "root-not-pinned" => "es de una parte cuya raíz no se fijó",
        "descriptor-forked" | "descriptor-order" => {
            "no concuerda con los descriptores que se indicaron; pregunte a la parte cuáles son los suyos"
        }
        "another-party" => "es de otra parte que el descriptor",
        "key-expired" => {
            "el descriptor no tiene una clave de declaraciones vigente cuando se selló"
        }
        "not-a-release" => "no es la declaración de una entrega",
        "bad-body" => "su contenido no corresponde a la declaración",
        "bad-line" => "no es la línea de ese objeto",
        "not-in-release" => "el derivado con su línea no está en la entrega que se firmó",
        "not-a-derivative" => "no lleva compromiso: el objeto se entregó tal cual",
        "commitment-differs" => "la apertura y el original no dan el compromiso de la línea",
        "not-stix" => "no es un objeto STIX",
        "signature-bad" | "signature-missing" | "signature-unknown" | "signature-repeated" => {
            "sus dos firmas no son de la clave que corresponde"
        }
        other => return format!("no se sostiene (`{other}`)"),
    }
    .to_owned()
}
