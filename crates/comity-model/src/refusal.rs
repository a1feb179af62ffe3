//! Why a pouch or a statement was not taken in: one stable code each, the same on the wire, in the journal and in
//! the metrics (docs/protocol.md section 4).

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $en:literal, $es:literal);+ $(;)?) => {
        /// Why something from a partner was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Refusal {
            $($(#[$doc])* #[serde(rename = $word)] $variant),+
        }

        impl Refusal {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The code that a word stands for.
            pub fn from_code(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }

            /// A sentence in English.
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $en),+ }
            }

            /// A sentence in Spanish.
            pub const fn spanish(self) -> &'static str {
                match self { $(Self::$variant => $es),+ }
            }
        }
    };
}

codes! {
    /// Not an age file for any of this node's sealing keys.
    CannotOpen = "cannot-open",
        "the pouch cannot be opened with this node's sealing key",
        "la valija no puede abrirse con la clave de sellado de este nodo";
    /// The pouch ends too early.
    Truncated = "truncated",
        "the pouch ends before its end",
        "la valija termina antes de su final";
    /// More bytes than are taken.
    TooLarge = "too-large",
        "the pouch or a part of it is larger than this node takes",
        "la valija o una de sus partes supera el tamaño que admite este nodo";
    /// The archive inside breaks the rules of docs/protocol.md section 5.
    BadArchive = "bad-archive",
        "the archive inside the pouch breaks the rules for pouches",
        "el archivo dentro de la valija no cumple las reglas de las valijas";
    /// The envelope is no DSSE envelope, or the payload no payload.
    Malformed = "malformed",
        "the statement cannot be read",
        "la declaración no puede leerse";
    /// The signature of one of the two algorithms is missing.
    SignatureMissing = "signature-missing",
        "the statement does not carry both signatures",
        "la declaración no lleva las dos firmas";
    /// A signature does not verify.
    SignatureBad = "signature-bad",
        "a signature on the statement does not verify",
        "una firma de la declaración no es válida";
    /// The statement is addressed to another party.
    NotForUs = "not-for-us",
        "the statement is addressed to another party",
        "la declaración está dirigida a otra parte";
    /// The sender is not known, or nobody confirmed its fingerprint.
    UnconfirmedParty = "unconfirmed-party",
        "the sender is not a confirmed party",
        "el remitente no es una parte confirmada";
    /// It came over the link of a party that did not write it.
    NotFromThisLink = "not-from-this-link",
        "the statement was written by another party than the one that delivered it",
        "la declaración fue escrita por una parte distinta de la que la entregó";
    /// A live and a training node.
    ExerciseMismatch = "exercise-mismatch",
        "training and live nodes do not exchange",
        "los nodos de ejercicio y los nodos en operación no intercambian";
    /// No agreement with this id between the two.
    AgreementUnknown = "agreement-unknown",
        "there is no such agreement between the two parties",
        "no existe tal acuerdo interinstitucional entre las dos partes";
    /// The text that it cites is not the one that both signed.
    AgreementDigest = "agreement-digest",
        "the statement cites another text of the agreement than the one both parties signed",
        "la declaración cita un texto del acuerdo distinto del que firmaron ambas partes";
    /// The sender's clock is more than 300 s ahead.
    IssuedInFuture = "issued-in-future",
        "the statement was issued more than 300 seconds in the future; it is tried again later: set the clock that is wrong, or put \
         the training node that is behind on with `comity exercise advance`",
        "la declaración fue emitida más de 300 segundos en el futuro; se intentará de nuevo: ponga en hora el reloj que está mal, o \
         adelante con `comity exercise advance` el nodo de ejercicio que va atrasado";
    /// The statement before it is another one than the one taken in.
    WrongPrevious = "wrong-previous",
        "the statement does not follow the one taken in before it",
        "la declaración no sigue a la que se recibió antes";
    /// The place is taken by another statement: evidence against the sender.
    Equivocation = "equivocation",
        "another statement with this place in the channel was taken in before",
        "ya se recibió otra declaración con este lugar en el canal";
    /// The descriptor in it is not one, was not signed by the sender's root, or lacks a key without which nothing crosses.
    DescriptorBad = "descriptor-bad",
        "the descriptor is not signed by the sender's root, or lacks a key that the channel needs",
        "el descriptor no está firmado por la raíz del remitente o carece de una clave que el canal necesita";
    /// The descriptor's serial is not above that of the one in force, or was taken in with another content; or it was not made
    /// later.
    DescriptorOld = "descriptor-old",
        "the descriptor's serial was in force before or is known with another content, or it was not made later",
        "el número de serie del descriptor ya estuvo en vigor o se conoce con otro contenido, o no se hizo después";
    /// The descriptor's serial passes over one.
    DescriptorGap = "descriptor-gap",
        "the descriptor's serial is not the next after the one in force",
        "el número de serie del descriptor no es el siguiente al que está en vigor";
    /// The descriptor names no version of the protocol that the reader speaks.
    ProtocolVersion = "protocol-version",
        "the descriptor names no version of the protocol that this node speaks",
        "el descriptor no indica ninguna versión del protocolo que hable este nodo";
    /// The epoch ended: its sender opened another one after a loss.
    EpochClosed = "epoch-closed",
        "the epoch of this channel ended, and another one goes on",
        "la época de este canal concluyó y continúa otra";
    /// It opens an epoch, and does not go on from what this party has of the one before.
    EpochNotContinued = "epoch-not-continued",
        "it opens an epoch without going on from what was taken in of the one before",
        "abre una época sin continuar lo que se recibió de la anterior";
    /// A statement that was taken in before, at another place.
    Replay = "replay",
        "the statement was taken in before, at another place",
        "la declaración ya se recibió antes, en otro lugar";
    /// Statements before it are missing; it waits for them.
    Gap = "gap",
        "statements before this one are missing; it is held until they arrive",
        "faltan declaraciones anteriores a esta; queda en espera hasta que lleguen";
    /// Too many statements wait.
    HeldFull = "held-full",
        "too many statements wait for earlier ones; send the missing ones first",
        "demasiadas declaraciones esperan a otras anteriores; envíe primero las que faltan";
    /// Arrived over 30 days after the end of the agreement.
    AgreementEnded = "agreement-ended",
        "the agreement has ended",
        "el acuerdo interinstitucional ha concluido";
    /// Issued before the agreement begins.
    AgreementNotBegun = "agreement-not-begun",
        "the agreement is not yet in force",
        "el acuerdo interinstitucional aún no entra en vigor";
    /// The time goes backwards in the channel.
    IssuedBackwards = "issued-backwards",
        "the statement was issued before the one before it",
        "la declaración fue emitida antes que la anterior";
    /// A kind outside the closed set.
    UnknownKind = "unknown-kind",
        "there is no such kind of statement",
        "no existe ese tipo de declaración";
    /// A kind of the closed set that this version does not speak.
    UnsupportedKind = "unsupported-kind",
        "this node does not take statements of this kind yet; its descriptor lists those it takes",
        "este nodo no recibe aún declaraciones de este tipo; su descriptor indica cuáles recibe";
    /// The body breaks the rules of its kind.
    BadBody = "bad-body",
        "the statement's body breaks the rules of its kind",
        "el contenido de la declaración no cumple las reglas de su tipo";
    /// The clause is not in the agreement, or goes the other way.
    ClauseUnknown = "clause-unknown",
        "the agreement has no such clause in this direction",
        "el acuerdo no tiene tal cláusula en este sentido";
    /// The purpose is not one of the clause's.
    PurposeNotGranted = "purpose-not-granted",
        "the clause does not grant this purpose",
        "la cláusula no autoriza esta finalidad";
    /// Too few approvals, or of the wrong officers.
    ApprovalMissing = "approval-missing",
        "the release does not carry the approvals that the clause demands",
        "la entrega no lleva las aprobaciones que exige la cláusula";
    /// An approval does not verify, or speaks of another release.
    ApprovalBad = "approval-bad",
        "an approval does not verify or speaks of another release",
        "una aprobación no es válida o se refiere a otra entrega";
    /// A part is missing, too many, or not the one announced.
    PartDigest = "part-digest",
        "a part is not the one that the statement binds",
        "una parte no es la que la declaración compromete";
    /// More objects or bytes than the receiver's descriptor says.
    OverLimit = "over-limit",
        "the release is over the limits in this party's descriptor",
        "la entrega supera los límites del descriptor de esta parte";
    /// The log proof does not show the statement in the sender's log.
    RecordProof = "record-proof",
        "the record proof does not show the statement in the sender's log",
        "la prueba de registro no muestra la declaración en el registro del remitente";
    /// It answers or decides something that is not on record between the two.
    MatterUnknown = "matter-unknown",
        "there is no such matter between the two parties",
        "no existe tal asunto entre las dos partes";
    /// A matter with this id is on record already.
    MatterExists = "matter-exists",
        "a matter with this id is on record already",
        "ya consta un asunto con este identificador";
    /// The matter is closed: answered, decided or done.
    MatterClosed = "matter-closed",
        "the matter is closed; begin a new one",
        "el asunto está concluido; inicie uno nuevo";
    /// It is the other party's to say.
    MatterNotYours = "matter-not-yours",
        "it is for the other party to say this in the matter",
        "corresponde a la otra parte pronunciarse así en el asunto";
    /// It does not follow from what was said before in the matter.
    MatterOutOfTurn = "matter-out-of-turn",
        "this does not follow from what was said before in the matter",
        "esto no se sigue de lo dicho antes en el asunto";
    /// It speaks of a release, or of objects, that never crossed this way.
    TargetUnknown = "target-unknown",
        "it speaks of a release or of objects that were never given this way",
        "se refiere a una entrega o a objetos que nunca se dieron en este sentido";
    /// An open recall names all of it already.
    RecallOpen = "recall-open",
        "an open recall of the same release names all of it already",
        "una solicitud de retiro pendiente de la misma entrega ya lo comprende todo";
    /// Consent is asked for what was given under a rule that leaves nothing to ask.
    OnwardRule = "onward-rule",
        "the objects were given under an onward rule that leaves nothing to ask",
        "los objetos se entregaron bajo una regla de transmisión que no deja nada que solicitar";
    /// A legal basis or a reason is missing, or is not of the agreement's lists.
    GroundsNotGiven = "grounds-not-given",
        "the legal basis or the reasons are not those that the agreement lists",
        "el fundamento o los motivos no son los que enumera el acuerdo";
    /// The agreement is suspended, and this kind waits until it is in force again.
    AgreementSuspended = "agreement-suspended",
        "the agreement is suspended",
        "el acuerdo interinstitucional está suspendido";
    /// The channel cited a later version of the agreement before.
    AgreementSuperseded = "agreement-superseded",
        "a later version of the agreement was in force in this channel already",
        "en este canal ya regía una versión posterior del acuerdo";
    /// The agreement's scope does not cover it.
    ScopeNotGranted = "scope-not-granted",
        "the agreement's scope does not cover this",
        "el alcance del acuerdo no comprende esto";
    /// A complete answer cited the release before.
    ReleaseCited = "release-cited",
        "a complete answer cited the release before",
        "una respuesta completa ya citó la entrega";
    /// A text that a party has still to sign cannot bind, and one that its sender did not sign is no proposal.
    AgreementUnsigned = "agreement-unsigned",
        "the text of the agreement lacks a signature that it needs",
        "al texto del acuerdo le falta una firma necesaria";
    /// Another text of the version has both signatures here.
    AgreementComplete = "agreement-complete",
        "both parties signed this version of the agreement with another text",
        "ambas partes firmaron esta versión del acuerdo con otro texto";
    /// The reader signed another text of the version, and gives its signature under a version once.
    AgreementSignedOtherwise = "agreement-signed-otherwise",
        "the party signed another text of this version of the agreement, and signs only one",
        "la parte firmó otro texto de esta versión del acuerdo, y solo firma uno";
    /// A suspension is lifted that the party did not make.
    NotSuspended = "not-suspended",
        "the party has not suspended the agreement; only the party that did lifts a suspension",
        "la parte no ha suspendido el acuerdo; solo quien lo suspendió levanta la suspensión";
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back_and_speaks_both_languages() {
        let mut seen = std::collections::BTreeSet::new();
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_code(refusal.code()), Some(*refusal));
            assert!(seen.insert(refusal.code()));
            assert_ne!(refusal.english(), refusal.spanish());
        }
    }
}
