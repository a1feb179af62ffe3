//! Data markings (section 7.2): what a marking definition says, which definitions are fixed, and which
//! markings hold for a property.
//!
//! - [`Tlp`] and [`Pap`] are one scale each, whatever version of the protocol a label was written in.
//! - [`Definition`] is one of the fixed definitions, with its exact content: those of TLP 1 stand in
//!   section 7.2.1.4, those of TLP 2.0 and of PAP in extensions that OASIS publishes.
//! - [`Marking`] is what any marking definition says.
//! - [`Markings`] reads the markings of one object once and tells them for any property.
//!
//! # What overrides what
//!
//! Section 7.2 leaves the reading of several markings on the same content to those who exchange:
//! object markings apply to the object and all its contents (7.2.2), granular ones to the content that
//! their selectors select, with everything in it (7.2.3), and no rule says which of them wins. The
//! first example of 7.2.3 has a property "use" the object marking where no granular one covers it. From
//! this the crate makes two readings, and never mixes them:
//!
//! - *At a property* ([`Markings::at`] and all that ends in `_at`), granular markings come before object
//!   markings of the same kind: a TLP label there takes the place of the object's, whether stricter or
//!   looser. Several granular labels of one kind on the same content, or on what contains it, add up
//!   to the strictest. Statements never displace each other (7.2.1.3). Of languages the closest counts.
//! - *For the object* ([`Markings::strictest`], [`Markings::properties_above`]), the strictest label
//!   anywhere counts, so that no marking, added or misread, ever loosens another. Decisions about what
//!   may leave rest on this one.

mod definition;
mod level;
mod markings;
mod reading;
pub(crate) mod selector;

pub use definition::{Definition, Family, Imitation, canonical, imitation};
pub use level::{LevelError, Pap, Tlp};
pub use markings::{Effective, Markings};
pub use reading::Marking;

#[cfg(test)]
mod tests;
