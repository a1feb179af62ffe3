//! The steps of the demonstration, in order. Each asks the nodes, checks what came of it, and says so.

use super::failure::Result;
use super::narrator::Told;
use super::stage::Stage;
use crate::lang::Lang;

mod acquaint;
mod advice;
mod agree;
mod amend;
mod consent;
mod correct;
mod count;
mod counter;
mod courier;
mod crash;
mod dissent;
mod dossier;
mod evidence;
mod figures;
mod hold;
mod import;
mod matter;
mod officers;
mod proofs;
mod proposal;
mod recall;
pub(super) mod release;
mod request;
mod retention;
mod serve;
mod standing;
mod suspend;
mod terminate;
mod units;
mod whole;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Two nodes are made and know each other.
    Acquaint,
    /// People are registered who may approve.
    Officers,
    /// One agreement is signed by both; a worse one is refused.
    Agree,
    /// The example data comes in.
    Import,
    /// Both nodes serve.
    Serve,
    /// A release goes through whole.
    Whole,
    /// A release with something redacted and something withheld.
    Dossier,
    /// An urgent request is answered with releases.
    Request,
    /// A joint operation is proposed and declined on the record.
    Proposal,
    /// Technical support is asked for, given and adopted.
    Advice,
    /// What came from a partner goes on with its consent, until that is withdrawn.
    Consent,
    /// A partner's dissent stands beside one's own view.
    Dissent,
    /// Units inside a party get what its partner released.
    Units,
    /// An object is asked back.
    Recall,
    /// A legal hold keeps what is asked back.
    Hold,
    /// A proposal is countered, and the counter-proposal accepted.
    Counter,
    /// The agreement is amended by both.
    Amend,
    /// An officer approves beforehand.
    Standing,
    /// One party suspends the agreement and lifts that.
    Suspend,
    /// A release and its receipt cross as files.
    Courier,
    /// A node is killed, and nothing is lost or doubled.
    Crash,
    /// A later version stands in the place of what was wrong.
    Correct,
    /// Both compute what each asked and gave.
    Figures,
    /// An outsider checks a redaction.
    Evidence,
    /// Half a year passes, and what expired is purged.
    Retention,
    /// One party ends the agreement.
    Terminate,
    /// Both sides count.
    Count,
    /// Evidence is verified when neither node is up.
    Proofs,
}

impl Step {
    /// All of them, in order.
    pub(super) const ALL: [Self; 28] = [
        Self::Acquaint,
        Self::Officers,
        Self::Agree,
        Self::Import,
        Self::Serve,
        Self::Whole,
        Self::Dossier,
        Self::Request,
        Self::Proposal,
        Self::Advice,
        Self::Consent,
        Self::Dissent,
        Self::Units,
        Self::Recall,
        Self::Hold,
        Self::Counter,
        Self::Amend,
        Self::Standing,
        Self::Suspend,
        Self::Courier,
        Self::Crash,
        Self::Correct,
        Self::Figures,
        Self::Evidence,
        Self::Retention,
        Self::Terminate,
        Self::Count,
        Self::Proofs,
    ];

    /// Its name for programs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Acquaint => "acquaint",
            Self::Officers => "officers",
            Self::Agree => "agree",
            Self::Import => "import",
            Self::Serve => "serve",
            Self::Whole => "release-whole",
            Self::Dossier => "release-dossier",
            Self::Request => "request",
            Self::Proposal => "proposal",
            Self::Advice => "advice",
            Self::Consent => "consent",
            Self::Dissent => "dissent",
            Self::Units => "units",
            Self::Recall => "recall",
            Self::Hold => "legal-hold",
            Self::Counter => "counter-proposal",
            Self::Amend => "amend",
            Self::Standing => "standing",
            Self::Suspend => "suspend",
            Self::Courier => "courier",
            Self::Crash => "crash",
            Self::Correct => "correct",
            Self::Figures => "figures",
            Self::Evidence => "evidence",
            Self::Retention => "retention",
            Self::Terminate => "terminate",
            Self::Count => "count",
            Self::Proofs => "proofs",
        }
    }

    /// What it is about to do.
    pub(super) const fn title(self, lang: Lang) -> &'static str {
        let (en, es) = match self {
            Self::Acquaint => {
                ("two nodes are made and introduced", "se crean y se presentan dos nodos")
            }
            Self::Officers => ("officers are registered", "se registran responsables de entregas"),
            Self::Agree => ("an agreement is signed by both", "ambas partes firman un acuerdo"),
            Self::Import => ("the example data comes in", "entran los datos de ejemplo"),
            Self::Serve => ("both nodes start to serve", "ambos nodos empiezan a atender"),
            Self::Whole => ("a release goes through whole", "una entrega pasa completa"),
            Self::Dossier => ("a release is redacted in part", "una entrega se testa en parte"),
            Self::Request => ("an urgent request is answered", "se responde una solicitud urgente"),
            Self::Proposal => {
                ("a joint operation is declined", "no se acepta una operación conjunta")
            }
            Self::Advice => ("technical support is given", "se da asesoría técnica"),
            Self::Courier => ("a disk is carried by hand", "un disco se lleva en mano"),
            Self::Crash => ("a node is killed and started again", "se mata un nodo y se reinicia"),
            Self::Figures => ("both compute the figures", "ambas partes calculan las cifras"),
            Self::Evidence => ("an outsider verifies", "un tercero comprueba"),
            Self::Count => ("both sides count", "ambas partes cuentan"),
            Self::Consent => {
                ("a partner is asked for consent", "se pide autorización a la contraparte")
            }
            Self::Dissent => ("a partner disagrees", "la contraparte disiente"),
            Self::Proofs => ("neither node is needed", "ya no se necesita ningún nodo"),
            Self::Units => ("units get objects", "instancias nacionales reciben objetos"),
            Self::Recall => ("an object is recalled", "se solicita el retiro de un objeto"),
            Self::Hold => ("a legal hold is laid", "se conserva por mandato legal"),
            Self::Counter => ("a proposal is countered", "se contrapropone"),
            Self::Correct => ("an object is corrected", "se corrige un objeto"),
            Self::Retention => ("half a year passes", "pasa medio año"),
            Self::Amend => ("the agreement is amended", "se modifica el acuerdo"),
            Self::Standing => {
                ("an officer approves beforehand", "se otorga una aprobación permanente")
            }
            Self::Suspend => ("the agreement is suspended", "se suspende el acuerdo"),
            Self::Terminate => ("the agreement is ended", "se da por terminado el acuerdo"),
        };
        match lang {
            Lang::En => en,
            Lang::Es => es,
        }
    }

    /// Plays it.
    pub(super) async fn play(self, stage: &mut Stage) -> Result<Told> {
        match self {
            Self::Acquaint => acquaint::play(stage).await,
            Self::Officers => officers::play(stage).await,
            Self::Agree => agree::play(stage).await,
            Self::Import => import::play(stage).await,
            Self::Serve => serve::play(stage).await,
            Self::Whole => whole::play(stage).await,
            Self::Dossier => dossier::play(stage).await,
            Self::Request => request::play(stage).await,
            Self::Proposal => proposal::play(stage).await,
            Self::Advice => advice::play(stage).await,
            Self::Consent => consent::play(stage).await,
            Self::Dissent => dissent::play(stage).await,
            Self::Units => units::play(stage).await,
            Self::Recall => recall::play(stage).await,
            Self::Hold => hold::play(stage).await,
            Self::Counter => counter::play(stage).await,
            Self::Amend => amend::play(stage).await,
            Self::Standing => standing::play(stage).await,
            Self::Suspend => suspend::play(stage).await,
            Self::Courier => courier::play(stage).await,
            Self::Correct => correct::play(stage).await,
            Self::Crash => crash::play(stage).await,
            Self::Figures => figures::play(stage).await,
            Self::Evidence => evidence::play(stage).await,
            Self::Retention => retention::play(stage).await,
            Self::Terminate => terminate::play(stage).await,
            Self::Count => count::play(stage).await,
            Self::Proofs => proofs::play(stage).await,
        }
    }
}

/// The text in the language of the narration.
pub(super) fn pick<T>(lang: Lang, en: T, es: T) -> T {
    match lang {
        Lang::En => en,
        Lang::Es => es,
    }
}
