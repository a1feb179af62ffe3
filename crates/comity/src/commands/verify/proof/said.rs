//! What a file of evidence proves, in plain words: what signatures and digests show, and what rests on somebody's word.

use comity_exchange::evidence::{Approved, Missing, Party, Place, Proof, Released, Revocation};
use comity_model::Refusal;
use comity_model::statement::{Kind, Outcome};

use super::{ContentBody, Pinned, pinned_as, verdict as verdicts};
use crate::commands::release::outcome_word;
use crate::lang::Lang;
use crate::output::{on_one_line, time};

/// Lines in one of the two languages.
struct Lines {
    lang: Lang,
    lines: Vec<String>,
}

impl Lines {
    fn add(&mut self, english: impl Into<String>, spanish: impl Into<String>) {
        self.lines.push(match self.lang {
            Lang::En => english.into(),
            Lang::Es => spanish.into(),
        });
    }
}

/// The answer for people.
pub(super) fn text(
    lang: Lang,
    proof: &Proof,
    pinned: &[Pinned],
    content: Option<&ContentBody>,
) -> String {
    let name = |party: &Party| {
        let handle = pinned_as(pinned, party).unwrap_or_else(|| party.handle.to_string());
        format!("`{handle}`")
    };
    let (from, to) = (name(&proof.from), name(&proof.to));
    let mut out = Lines { lang, lines: Vec::new() };
    verdict(&mut out, proof);
    out.add("", "");
    out.add("What the signatures and digests show:", "Lo que muestran las firmas y los resúmenes:");
    out.add(
        format!("- {from} ({}) signed this for {to} ({}):", proof.from.root, proof.to.root),
        format!("- {from} ({}) firmó esto para {to} ({}):", proof.from.root, proof.to.root),
    );
    statement(&mut out, proof);
    if let Some(release) = &proof.release {
        released(&mut out, release);
    }
    agreed(&mut out, proof);
    place(&mut out, &proof.place, (&from, &to));
    receipt(&mut out, proof, (&from, &to));
    beside(&mut out, proof, content);
    out.add("", "");
    attested(&mut out, proof, (&from, &to));
    out.lines.join("\n")
}

fn verdict(out: &mut Lines, proof: &Proof) {
    if !proof.is_whole() {
        let needed = || proof.missing.iter().filter(|it| it.is_needed());
        let english = needed().map(|it| missing(Lang::En, *it));
        let spanish = needed().map(|it| missing(Lang::Es, *it));
        let (english, spanish): (Vec<_>, Vec<_>) = (english.collect(), spanish.collect());
        let lack = if spanish.len() == 1 { "falta" } else { "faltan" };
        out.add(
            format!("INCOMPLETE: missing is {}", english.join(", and ")),
            format!("INCOMPLETO: {lack} {}", spanish.join(" y ")),
        );
    }
    if !proof.is_pinned() {
        out.add(
            "CONSISTENT, ROOTS NOT PINNED: the file agrees with itself; whose it is, is not shown. Get both parties' roots \
             from somebody you trust and give them with --root",
            "COHERENTE, RAÍCES NO FIJADAS: el archivo concuerda consigo mismo; no se demuestra de quién es. Obtenga las \
             raíces de ambas partes de alguien de confianza e indíquelas con --root",
        );
    } else if proof.revocation.is_open() {
        let revocation = proof.revocation;
        out.add(verdicts::revoked(Lang::En, revocation), verdicts::revoked(Lang::Es, revocation));
    } else if proof.is_whole() {
        out.add("PROVED", "PROBADO");
    }
    if proof.revocation == Revocation::Later {
        out.add(
            "A key that signed here was revoked. What it signed stands: its party's own record holds it, under keys that were not.",
            "Una clave que firmó aquí fue revocada. Lo que firmó se sostiene: el registro de su propia parte lo contiene, con claves \
             que no lo fueron.",
        );
    }
    if proof.from.test || proof.to.test {
        out.add(
            "A party is a training node; nothing in this is real.",
            "Una parte es un nodo de ejercicio; nada de esto es real.",
        );
    }
}

const fn missing(lang: Lang, missing: Missing) -> &'static str {
    match missing {
        Missing::Cosignature => lang.pick(
            "the receiver's cosignature over the place in the record",
            "el refrendo del destinatario sobre el lugar en el registro",
        ),
        Missing::Receipt => lang.pick("the receipt", "el acuse de recibo"),
        Missing::ReceiptCosignature => lang.pick(
            "the cosignature over the place of the receipt",
            "el refrendo sobre el lugar del acuse de recibo",
        ),
        Missing::Agreement => lang.pick(
            "the agreement's text, to be given with --agreement",
            "el texto del acuerdo, que se indica con --agreement",
        ),
    }
}

fn statement(out: &mut Lines, proof: &Proof) {
    let (kind, digest) = (proof.kind, proof.statement);
    out.add(
        format!("    {} (statement {digest})", kind_word(Lang::En, kind)),
        format!("    {} (declaración {digest})", kind_word(Lang::Es, kind)),
    );
    let (id, version) = (proof.agreement.id, proof.agreement.version);
    out.add(
        format!("    under version {version} of {id}"),
        format!("    conforme a la versión {version} de {id}"),
    );
    for (name, value) in &proof.says {
        let line = format!("    {}: {}", on_one_line(name), on_one_line(value));
        out.add(line.clone(), line);
    }
}

const fn kind_word(lang: Lang, kind: Kind) -> &'static str {
    match kind {
        Kind::Release => lang.pick("a release", "una entrega"),
        Kind::Receipt => lang.pick("a receipt", "un acuse de recibo"),
        Kind::Recall => lang.pick("a recall", "una solicitud de retiro"),
        Kind::RecallAnswer => {
            lang.pick("an answer to a recall", "una respuesta a una solicitud de retiro")
        }
        Kind::Purge => lang.pick("a notice of a purge", "un aviso de eliminación"),
        Kind::Request => lang.pick("a request for information", "una solicitud de información"),
        Kind::Clarification => lang.pick("a clarification", "una aclaración"),
        Kind::Answer => lang.pick("an answer to a request", "una respuesta a una solicitud"),
        Kind::Consent => lang.pick("a request for consent", "una solicitud de consentimiento"),
        Kind::ConsentAnswer => {
            lang.pick("an answer about consent", "una respuesta sobre consentimiento")
        }
        Kind::Proposal => lang.pick("a proposal", "una propuesta"),
        Kind::Decision => lang.pick("a decision", "una determinación"),
        Kind::Advice => lang.pick("advice", "una asesoría técnica"),
        Kind::Agreement => lang.pick("an agreement's text", "el texto de un acuerdo"),
        Kind::Descriptor => lang.pick("a descriptor", "un descriptor"),
        Kind::Suspension => lang.pick("a suspension", "una suspensión"),
        Kind::Termination => lang.pick("a termination", "una terminación"),
        Kind::Checkpoint => lang.pick("a checkpoint", "un corte firmado del registro"),
    }
}

fn released(out: &mut Lines, release: &Released) {
    let (clause, purpose) = (on_one_line(&release.clause), on_one_line(&release.purpose));
    let Released { folio, objects, redacted, root, .. } = release;
    out.add(
        format!("    folio {folio}, clause `{clause}`, purpose `{purpose}`"),
        format!("    folio {folio}, cláusula `{clause}`, finalidad `{purpose}`"),
    );
    out.add(
        format!(
            "    exactly {objects} objects, {redacted} of them redacted, under the root {root}"
        ),
        format!(
            "    exactamente {objects} objetos, {redacted} de ellos testados, bajo la raíz {root}"
        ),
    );
    for basis in &release.grounds.legal_basis {
        let basis = on_one_line(basis);
        out.add(format!("    legal basis: {basis}"), format!("    fundamento: {basis}"));
    }
    for reason in &release.grounds.reasons {
        let reason = on_one_line(reason);
        out.add(format!("    reason: {reason}"), format!("    motivo: {reason}"));
    }
    for Approved { officer, office, standing, .. } in &release.approvals {
        let office = on_one_line(office);
        let (english, spanish) = if *standing {
            ("- approved beforehand by", "- aprobada de antemano por")
        } else {
            ("- approved, byte for byte, by", "- aprobada, octeto por octeto, por")
        };
        out.add(
            format!("{english} {office} ({officer})"),
            format!("{spanish} {office} ({officer})"),
        );
    }
}

fn agreed(out: &mut Lines, proof: &Proof) {
    let Some(agreed) = &proof.agreed else {
        out.add(
            "- The agreement's text is not in the file: whether the clause allows this was NOT CHECKED. Give it with --agreement.",
            "- El texto del acuerdo no está en el archivo: NO SE COMPROBÓ si la cláusula lo permite. Indíquelo con --agreement.",
        );
        return;
    };
    let title = on_one_line(&agreed.title);
    out.add(
        format!("- Both parties signed this agreement: \"{title}\"."),
        format!("- Ambas partes firmaron este acuerdo: «{title}»."),
    );
    match (&proof.release, agreed.officers) {
        (None, _) => {}
        (Some(_), 0) => out.add(
            "- The clause grants the purpose, and the standing approval covers the release.",
            "- La cláusula concede la finalidad y la aprobación permanente cubre la entrega.",
        ),
        (Some(_), officers) => out.add(
            format!("- The clause grants the purpose and demands approvals by {officers}; they are there."),
            format!("- La cláusula concede la finalidad y exige {officers} aprobaciones; ahí están."),
        ),
    }
}

fn place(out: &mut Lines, place: &Place, (from, to): (&str, &str)) {
    let Place { sequence, size, root, channel, .. } = place;
    let (epoch, [english, spanish]) = (channel.epoch, statements(*size));
    out.add(
        format!("- It stands at place {sequence} of epoch {epoch} of the record, of {english} under the root {root},"),
        format!("- Está en el lugar {sequence} de la época {epoch} del registro de intercambio, de {spanish} bajo la raíz {root},"),
    );
    if place.cosigned_at.is_some() {
        out.add(
            format!("    which {from} signed and {to} cosigned: neither can take it out or put another in its place."),
            format!("    que {from} firmó y {to} refrendó: ninguna puede quitarla ni poner otra en su lugar."),
        );
    } else {
        out.add(
            format!("    which {from} alone signed; {to} has not cosigned it."),
            format!("    que sólo {from} firmó; {to} no la ha refrendado."),
        );
    }
}

/// So many statements, in English and in Spanish.
fn statements(count: u64) -> [String; 2] {
    let (english, spanish) =
        if count == 1 { ("statement", "declaración") } else { ("statements", "declaraciones") };
    [format!("{count} {english}"), format!("{count} {spanish}")]
}

fn receipt(out: &mut Lines, proof: &Proof, (from, to): (&str, &str)) {
    let Some(receipt) = &proof.receipt else { return };
    let outcome = match receipt.outcome {
        Outcome::Admitted => "admitted",
        Outcome::Partial => "partial",
        Outcome::Refused => "refused",
    };
    let (english, spanish) = (outcome_word(Lang::En, outcome), outcome_word(Lang::Es, outcome));
    out.add(
        format!("- {to} signed a receipt for it: {english}"),
        format!("- {to} firmó un acuse de recibo: {spanish}"),
    );
    if let Some(code) = &receipt.code {
        let known = Refusal::from_code(code);
        let code = on_one_line(code);
        out.add(
            known.map_or_else(
                || format!("    because: {code}"),
                |it| format!("    because: {} ({code})", it.english()),
            ),
            known.map_or_else(
                || format!("    porque: {code}"),
                |it| format!("    porque: {} ({code})", it.spanish()),
            ),
        );
    }
    if proof.release.is_some() {
        let (admitted, refused) = (receipt.admitted, receipt.refused);
        out.add(
            format!("    objects: {admitted} admitted, {refused} refused"),
            format!("    objetos: {admitted} admitidos, {refused} rechazados"),
        );
    }
    let epoch = receipt.place.channel.epoch;
    let (sequence, size, is) =
        (receipt.place.sequence, receipt.place.size, receipt.place.cosigned_at.is_some());
    let (english, spanish) = if is {
        (format!("cosigned by {from}"), format!("con el refrendo de {from}"))
    } else {
        (format!("not cosigned by {from}"), format!("sin el refrendo de {from}"))
    };
    let [many, muchas] = statements(size);
    out.add(
        format!("    at place {sequence} of epoch {epoch} of its own record, of {many}, {english}"),
        format!(
            "    en el lugar {sequence} de la época {epoch} de su propio registro, de {muchas}, {spanish}"
        ),
    );
}

fn beside(out: &mut Lines, proof: &Proof, content: Option<&ContentBody>) {
    let Some(content) = content else {
        if proof.release.is_some() {
            out.add(
                "- The content is not in this file; give the parts with --with to have them checked.",
                "- El contenido no está en este archivo; indique las partes con --with para comprobarlas.",
            );
        }
        return;
    };
    let words =
        |all: &[String]| all.iter().map(|it| on_one_line(it)).collect::<Vec<_>>().join(", ");
    let (checked, absent) = (words(&content.checked), words(&content.not_given));
    if !checked.is_empty() {
        out.add(
            format!("- The content beside the file is, byte for byte, what was signed: {checked}"),
            format!("- El contenido que acompaña al archivo es, octeto por octeto, el que se firmó: {checked}"),
        );
    }
    if !absent.is_empty() {
        out.add(
            format!("- Not given, and not checked: {absent}"),
            format!("- No se indicó ni se comprobó: {absent}"),
        );
    }
}

fn attested(out: &mut Lines, proof: &Proof, (from, to): (&str, &str)) {
    out.add("What rests on a party's word:", "Lo que descansa en la palabra de una parte:");
    let issued = time(proof.issued_at);
    out.add(
        format!("- by the clock of {from}: sealed at {issued}"),
        format!("- según el reloj de {from}: se selló el {issued}"),
    );
    if let Some(release) = &proof.release {
        let composed = time(release.composed_at);
        out.add(format!("    composed at {composed}"), format!("    se preparó el {composed}"));
        for approval in &release.approvals {
            let (at, officer) = (time(approval.at), approval.officer);
            out.add(
                format!("    approved by {officer} at {at}"),
                format!("    la aprobó {officer} el {at}"),
            );
        }
    }
    if let Some(receipt) = &proof.receipt {
        let (received, issued) = (time(receipt.received_at), time(receipt.issued_at));
        out.add(
            format!("- by the clock of {to}: received at {received}, receipt sealed at {issued}"),
            format!(
                "- según el reloj de {to}: se recibió el {received}, el acuse se selló el {issued}"
            ),
        );
    }
    if let Some(at) = proof.place.cosigned_at.map(time) {
        out.add(
            format!("- by the clock of {to}: the place cosigned at {at}"),
            format!("- según el reloj de {to}: el lugar se refrendó el {at}"),
        );
    }
    let (one, other) = (on_one_line(&proof.from.name), on_one_line(&proof.to.name));
    out.add(
        format!("- the names: {from} calls itself \"{one}\", {to} calls itself \"{other}\"; the offices are as their registrar certified them"),
        format!("- los nombres: {from} se llama «{one}», {to} se llama «{other}»; las áreas son las que certificó su registrador"),
    );
    out.add(
        "- that what was released is true, how it was graded, and that nothing else ought to have been withheld",
        "- que lo entregado es cierto, cómo se calificó y que no debía excluirse nada más",
    );
    out.add(
        "This file does not show what was said later: a recall, a purge, a dispute or a later epoch of the record has evidence of its own.",
        "Este archivo no muestra lo que se dijo después: un retiro, una eliminación, una controversia o una época posterior del registro tienen su propia evidencia.",
    );
}
