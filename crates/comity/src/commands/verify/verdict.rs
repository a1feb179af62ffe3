//! The verdict on a file that one party signed: for programs, for people, and the exit.

use comity_exchange::evidence::Revocation;
use comity_model::{Handle, PartyRoot};
use serde::Serialize;

use super::Pinned;
use crate::error::Exit;
use crate::lang::Lang;

/// For programs, the first thing that does not hold in a file that one party signed.
#[derive(Serialize)]
pub(super) struct FlawBody<'a> {
    pub(super) member: &'static str,
    pub(super) code: &'static str,
    pub(super) message: &'a str,
}

/// The roots that the reader trusts.
pub(super) fn roots(pinned: &[Pinned]) -> Vec<PartyRoot> {
    pinned.iter().map(|it| it.root).collect()
}

/// What the reader calls a party, where the reader gave its root.
pub(super) fn pinned_as(pinned: &[Pinned], root: PartyRoot) -> Option<&Handle> {
    pinned.iter().find(|it| it.root == root).map(|it| &it.handle)
}

/// The verdict on a file in which everything holds: nothing is proved of a party whose root the reader did not give.
pub(super) const fn of(is_pinned: bool) -> (&'static str, Exit) {
    if is_pinned { ("proved", Exit::Done) } else { ("consistent, roots not pinned", Exit::Refused) }
}

/// What follows for programs from what the party only says.
pub(super) const SIGNED: &str = "signed by the party";

/// The verdict on a file in which everything holds, by whether the roots are pinned, and on whether keys that signed it were
/// taken back: then it may be a thief's.
pub(crate) const fn judged(is_pinned: bool, revocation: Revocation) -> (&'static str, Exit) {
    if is_pinned && revocation.is_open() {
        ("consistent, a key was revoked", Exit::Refused)
    } else {
        of(is_pinned)
    }
}

/// That of two things of which only one can be, or of one that has no place, a key was taken back, for people.
pub(crate) const fn revoked(lang: Lang, revocation: Revocation) -> &'static str {
    if matches!(revocation, Revocation::After) {
        return lang.pick(
            "CONSISTENT, A KEY WAS REVOKED: a party had taken back a key that signed this, before the time that is stated here. \
             Nothing that is signed so is held against anybody",
            "COHERENTE, UNA CLAVE FUE REVOCADA: una parte ya había retirado una clave que firmó esto, antes de la hora que aquí \
             se indica. Lo que se firma así no compromete a nadie",
        );
    }
    lang.pick(
        "CONSISTENT, A KEY WAS REVOKED: a party took back a key that signed this, before its time was over. Whether it signed \
         before that, or somebody else after it, the file does not show. Where descriptors between its own and the newest \
         are missing, a rotation looks the same: give those too (`comity party export --serial`)",
        "COHERENTE, UNA CLAVE FUE REVOCADA: una parte retiró una clave que firmó esto antes de que terminara su vigencia. El \
         archivo no muestra si firmó ella antes u otra persona después. Si faltan descriptores entre los suyos y el más nuevo, un \
         cambio ordinario de claves se ve igual: indique también esos (`comity party export --serial`)",
    )
}

/// The same for people: the first lines of the answer, with a warning where the party is a training node.
pub(super) fn lines(
    lang: Lang,
    is_pinned: bool,
    revocation: Revocation,
    is_test: bool,
) -> Vec<String> {
    let verdict = if is_pinned && revocation.is_open() {
        revoked(lang, revocation)
    } else if is_pinned {
        lang.pick("PROVED", "PROBADO")
    } else {
        lang.pick(
            "CONSISTENT, ROOTS NOT PINNED: the file agrees with itself; whose it is, is not shown. Get the party's root from \
             somebody you trust and give it with --root",
            "COHERENTE, RAÍCES NO FIJADAS: el archivo concuerda consigo mismo; no se demuestra de quién es. Obtenga la raíz de \
             la parte de alguien de confianza e indíquela con --root",
        )
    };
    let training = lang.pick(
        "The party is a training node; nothing in this is real.",
        "La parte es un nodo de ejercicio; nada de esto es real.",
    );
    [Some(verdict), is_test.then_some(training)].into_iter().flatten().map(str::to_owned).collect()
}
