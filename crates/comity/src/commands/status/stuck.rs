//! Directions in which nothing goes through: what partners send is refused and uses no place, or what this party sends is not
//! settled.

use comity_exchange::Node;
use comity_exchange::ports::{OutboxView, Refusals};
use comity_model::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::commands::agreement::refusal_words;
use crate::ctx::Names;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::time;

/// How long a statement that is refused again and again is spoken of where other statements go through.
const LATELY: SignedDuration = SignedDuration::from_hours(24);
/// How long nothing may be taken in, or settled, before a direction counts as stuck.
const LONG: SignedDuration = SignedDuration::from_hours(1);
/// Refusals that show the same at once.
const MANY: u64 = 3;
/// How long a partner may take over what this party sent.
const SILENCE: SignedDuration = SignedDuration::from_hours(24);

/// What was refused of a partner for one reason, since something went through last.
#[derive(Debug, Serialize)]
pub(crate) struct Stuck {
    pub(crate) partner: String,
    code: String,
    count: u64,
    since: Timestamp,
    last: Timestamp,
    /// Whether it is more than an accident.
    pub(crate) blocked: bool,
}

/// What is refused of partners and stands in the way.
pub(crate) async fn stuck(node: &Node, names: &Names) -> Result<Vec<Stuck>, CliError> {
    let now = node.now();
    let refusals = node.store().refusals().await?;
    let lately = |it: &Refusals| it.is_all || now.duration_since(it.last) <= LATELY;
    Ok(refusals.into_iter().filter(lately).map(|it| of(it, names, now)).collect())
}

fn of(it: Refusals, names: &Names, now: Timestamp) -> Stuck {
    Stuck {
        partner: names.name(it.partner),
        blocked: it.count >= MANY || now.duration_since(it.since) >= LONG,
        code: it.code,
        count: it.count,
        since: it.since,
        last: it.last,
    }
}

impl Stuck {
    /// The sentence for people.
    pub(crate) fn said(&self, lang: Lang) -> String {
        let Self { partner, count, .. } = self;
        format!(
            "{count} {} {partner} {} {}, {} {}: {}; {}",
            lang.pick("pouches from", "valijas de"),
            lang.pick("were refused since", "se rechazaron desde"),
            time(self.since),
            lang.pick("the last at", "la última el"),
            time(self.last),
            refusal_words(lang, &self.code),
            advice(lang, &self.code),
        )
    }
}

/// What to do about pouches that are refused with this code.
fn advice(lang: Lang, code: &str) -> &'static str {
    let Some(refusal) = Refusal::from_code(code) else { return other(lang) };
    match refusal {
        Refusal::SignatureBad | Refusal::SignatureMissing => lang.pick(
            "the keys that are known of it here are not those that it signs with: get its newest descriptor as a file \
             (`comity party export` there), compare its fingerprint by voice, and bring it in with `comity party import`",
            "las claves que aquí se conocen de ella no son aquellas con las que firma: obtenga su descriptor más reciente como \
             archivo (`comity party export` allá), coteje su huella de viva voz e incorpórelo con `comity party import`",
        ),
        Refusal::CannotOpen => lang.pick(
            "it seals to a key that this node does not have: give it this party's newest descriptor, which `comity party \
             export` writes",
            "sella para una clave que este nodo no tiene: entréguele el descriptor más reciente de esta parte, que escribe \
             `comity party export`",
        ),
        Refusal::EpochNotContinued => lang.pick(
            "it goes on from what this node cannot show that it had: ask there for `comity record recover --to HANDLE` with this party, \
             and where that changes nothing, for `comity record recover --to HANDLE --anew`",
            "continúa desde lo que este nodo no puede mostrar que tuvo: pida allá `comity record recover --to CLAVE` con esta parte y, si \
             con ello nada cambia, `comity record recover --to CLAVE --anew`",
        ),
        Refusal::UnconfirmedParty => lang.pick(
            "compare its fingerprint by voice and confirm it with `comity party confirm`",
            "coteje su huella de viva voz y confírmela con `comity party confirm`",
        ),
        Refusal::AgreementUnknown | Refusal::AgreementDigest => lang.pick(
            "it cites a text of the agreement that is not here with both signatures: compare the digests of `comity agreement \
             show` with it, and sign what is missing",
            "cita un texto del acuerdo que no está aquí con ambas firmas: compare con ella los resúmenes de `comity agreement \
             show` y firmen lo que falte",
        ),
        Refusal::ExerciseMismatch => lang.pick(
            "one of the two nodes is for training: use another node with this partner",
            "uno de los dos nodos es de ejercicio: use otro nodo con esta contraparte",
        ),
        Refusal::IssuedInFuture => lang.pick(
            "one of the two clocks is wrong: set it; in an exercise put this node on with `comity exercise advance` by as many \
             days as the other",
            "uno de los dos relojes está mal: póngalo en hora; en un ejercicio, adelante este nodo con `comity exercise advance` \
             los mismos días que el otro",
        ),
        Refusal::Equivocation | Refusal::WrongPrevious | Refusal::RecordProof => lang.pick(
            "its record is not the one that it signed before, and the proof is kept: see `comity inbox contradictions`, and \
             ask there whether it lost data; `comity record recover --to HANDLE` there opens a new epoch",
            "su registro no es el que firmó antes, y se conserva la prueba: consulte `comity inbox contradictions` y pregunte \
             allá si perdió datos; con `comity record recover --to CLAVE` abre una nueva época",
        ),
        Refusal::HeldFull => lang.pick(
            "what is missing must come first: ask there for `comity record recover --to HANDLE` with this party, which sends it again",
            "antes debe llegar lo que falta: pida allá `comity record recover --to CLAVE` con esta parte, que lo envía de nuevo",
        ),
        _ => other(lang),
    }
}

const fn other(lang: Lang) -> &'static str {
    lang.pick(
        "its node sends what this one cannot take: tell those who run it the code and the time",
        "su nodo envía lo que este no puede recibir: indique el código y la hora a quienes lo operan",
    )
}

/// What is said of an outbox, and whether somebody should look after it: nothing is settled for longer than it should take.
pub(crate) fn silence(lang: Lang, view: &OutboxView, now: Timestamp) -> Option<String> {
    let since = view.unsettled_since?;
    (now.duration_since(since) >= SILENCE).then(|| {
        format!(
            "{} {}; {}",
            lang.pick("the oldest since", "la más antigua desde"),
            time(since),
            lang.pick(
                "where it was delivered, ask there what `comity doctor` says of this party",
                "si se entregó, pregunte allá qué dice `comity doctor` de esta parte"
            )
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stuck(code: &str) -> Stuck {
        let at = Timestamp::UNIX_EPOCH;
        Stuck {
            partner: "mx".to_owned(),
            code: code.to_owned(),
            count: 7,
            since: at,
            last: at,
            blocked: true,
        }
    }

    #[test]
    fn every_refusal_is_told_with_the_partner_how_many_since_when_and_what_to_do() {
        for code in Refusal::ALL.iter().map(|it| it.code()).chain(["a-code-of-tomorrow"]) {
            let [english, spanish] = [Lang::En, Lang::Es].map(|lang| stuck(code).said(lang));
            assert_ne!(english, spanish, "{code}");
            for said in [&english, &spanish] {
                assert!(
                    said.contains("mx") && said.starts_with("7 ") && said.contains(code),
                    "{said}"
                );
                assert!(said.contains(&time(Timestamp::UNIX_EPOCH)), "{said}");
            }
        }
        let bad = stuck("signature-bad");
        assert!(bad.said(Lang::En).contains("`comity party import`"));
        assert!(bad.said(Lang::Es).contains("descriptor más reciente"));
    }

    #[test]
    fn an_outbox_is_silent_after_a_day() {
        let view =
            OutboxView { unsettled_since: Some(Timestamp::UNIX_EPOCH), ..OutboxView::default() };
        let after = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        assert_eq!(silence(Lang::En, &view, after(23)), None);
        assert!(
            silence(Lang::Es, &view, after(24))
                .is_some_and(|it| it.contains("la más antigua desde"))
        );
        assert_eq!(silence(Lang::En, &OutboxView::default(), after(99)), None);
    }
}
