//! What is no longer there, and what evidence lacks, in the words of both languages.

use super::pouches::{carry, place};
use super::run::Place;

/// What a command that refuses says in English and in Spanish.
fn said(place: &Place, line: &str) -> [String; 2] {
    ["en", "es"].map(|lang| {
        let ran = place.run(&format!("{line} --lang {lang}"));
        assert_eq!(ran.code, 1, "{ran:?}");
        format!("{}{}", ran.stdout, ran.stderr)
    })
}

/// The first line of each.
fn firsts(said: &[String; 2]) -> [&str; 2] {
    said.each_ref().map(|it| it.lines().next().unwrap_or_default())
}

#[test]
fn what_evidence_lacks_is_named_in_both_languages() {
    let (place, folios) = place(1);
    let evidence = format!("release evidence {} --data us", folios[0]);
    place.ok(&format!("{evidence} --partial -o early"));
    assert_eq!(
        firsts(&said(&place, "verify early")),
        [
            "INCOMPLETE: missing is the receiver's cosignature over the place in the record, and the receipt",
            "INCOMPLETO: faltan el refrendo del destinatario sobre el lugar en el registro y el acuse de recibo",
        ]
    );
    for (from, to, folder) in [("us", "mx", "there"), ("mx", "us", "back"), ("us", "mx", "again")] {
        carry(&place, from, to, folder);
    }
    place.ok(&format!("{evidence} --without-agreement -o bare"));
    let bare = said(&place, "verify bare");
    assert_eq!(
        firsts(&bare),
        [
            "INCOMPLETE: missing is the agreement's text, to be given with --agreement",
            "INCOMPLETO: falta el texto del acuerdo, que se indica con --agreement",
        ]
    );
    assert!(bare[0].contains("NOT CHECKED") && bare[1].contains("NO SE COMPROBÓ"), "{bare:?}");
}
