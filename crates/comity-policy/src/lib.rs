//! Agreements and clauses, and what they decide about an object.
//!
//! An [`Agreement`] is one TOML document that two parties signed (docs/protocol.md section 2, language
//! `comity-agreement/1`). [`Agreement::parse`] reads it strictly and names every error with its line. An
//! [`Engine`] compiles it to Cedar and answers one question: may this object go to the partner, under this
//! clause, for this purpose, at this moment? The [`Decision`] says released, redacted or withheld, with the
//! reasons and the ids of the policies that determined it.
//!
//! Three rules hold whatever an agreement says:
//!
//! * **forbid wins**: a red line or a built-in rule is never overridden by a clause;
//! * **doubt withholds**: a rule that can't be evaluated withholds the object, it is never skipped;
//! * **nothing is ambient**: time and facts are arguments, so a decision can be made again later.
//!
//! ```
//! use comity_policy::{Agreement, Engine, Facts, Origin, Outcome, Question, template};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (us, mx) = ([1; 32], [2; 32]).map_roots();
//! let text = template(
//!     (&"us".parse()?, us),
//!     (&"mx".parse()?, mx),
//!     "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse()?,
//!     "2026-02-01".parse()?,
//!     "2027-01-31".parse()?,
//! );
//! let agreement = Agreement::parse(&text).map_err(|errors| errors[0].clone())?;
//! let engine = Engine::compile(&agreement)?;
//!
//! let facts = Facts::new("indicator", Origin::Own);
//! let question = Question {
//!     from: us,
//!     clause: "us-to-mx",
//!     purpose: "precursor-control",
//!     now: "2026-03-01T12:00:00Z".parse()?,
//! };
//! assert_eq!(engine.decide(&facts, &question).outcome, Outcome::Release);
//! # Ok(()) }
//! # trait Roots { fn map_roots(self) -> (comity_model::PartyRoot, comity_model::PartyRoot); }
//! # impl Roots for ([u8; 32], [u8; 32]) {
//! #     fn map_roots(self) -> (comity_model::PartyRoot, comity_model::PartyRoot) {
//! #         let root = |b| comity_model::PartyRoot::new(comity_model::Digest::from_bytes(b));
//! #         (root(self.0), root(self.1))
//! #     }
//! # }
//! ```

mod agreement;
mod cedar;
mod clause;
mod decision;
mod diff;
mod engine;
mod error;
mod explain;
mod facts;
mod grid;
mod grounds;
mod parse;
mod template;
mod warnings;
mod words;

pub use agreement::{
    Agreement, AnswerTime, Binds, InForce, LANGUAGE, MAX_TEXT, Period, Quota, RedLine, Scope,
    State, Urgency,
};
pub use clause::{
    Approval, Clause, Descriptions, LabelTerms, LocationPrecision, OriginTerm, Persons, Precision,
    RedactPath, TimePrecision,
};
pub use comity_model::Lang;
pub use decision::{Change, Decision, Outcome, Reason, ReasonCode, Redaction, RedactionTerm};
pub use diff::{Difference, Line, diff};
pub use engine::{Engine, Question};
pub use error::{AgreementError, AgreementWarning, EngineError, ErrorCode, WarningCode};
pub use explain::explain;
pub use facts::{Facts, Origin};
pub use grounds::{Act, ChosenGrounds, GivenReason, GroundsError};
pub use template::template;
