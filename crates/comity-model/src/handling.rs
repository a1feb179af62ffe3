//! The terms that travel with a released object and bind its receiver.

use std::fmt;
use std::str::FromStr;

pub use comity_stix::marking::{Pap, Tlp};
use serde::{Deserialize, Serialize};

/// A word outside its closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct WordError {
    /// What was given, cut to 60 characters.
    pub text: String,
    /// The list.
    pub expected: &'static str,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $expected:literal, { $($(#[$vdoc:meta])* $variant:ident = $word:literal $(| $other:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every word of the list, least first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as it is written.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = WordError;

            fn from_str(text: &str) -> Result<Self, WordError> {
                match text {
                    $($word $(| $other)* => Ok(Self::$variant),)+
                    _ => Err(WordError { text: text.chars().take(60).collect(), expected: $expected }),
                }
            }
        }
    };
}

words!(
    /// What a receiver may do with an object.
    UseCode, "a use; write `intelligence-only` or `judicial`", {
        /// To inform; never as evidence.
        IntelligenceOnly = "intelligence-only",
        /// Also before a court.
        Judicial = "judicial",
    }
);

words!(
    /// To whom a receiver may pass an object on. The order of the words is none of restraint: `originator-consent` lets
    /// an object go to all to whom `units` does, and with consent to more.
    Onward, "an onward rule; write `units`, `originator-consent` or `never`", {
        /// To the receiving party's own national units.
        Units = "units",
        /// To third parties where the originator answered a consent request with yes, and to units.
        OriginatorConsent = "originator-consent",
        /// To nobody.
        Never = "never",
    }
);

/// What binds the receiver of one object. It travels in the object's manifest line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handling {
    /// The TLP label under which it is given.
    pub tlp: Tlp,
    /// The PAP label, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
    /// Permitted uses; never empty.
    #[serde(rename = "use")]
    pub use_codes: Vec<UseCode>,
    /// To whom it may go on.
    pub onward: Onward,
    /// Days from reception after which it is purged.
    pub retention_days: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_manifest_are_those_of_the_protocol() {
        let handling = Handling {
            tlp: Tlp::AmberStrict,
            pap: Some(Pap::Green),
            use_codes: vec![UseCode::IntelligenceOnly],
            onward: Onward::OriginatorConsent,
            retention_days: 180,
        };
        let json = r#"{"tlp":"amber+strict","pap":"green","use":["intelligence-only"],"onward":"originator-consent","retention_days":180}"#;
        assert_eq!(serde_json::to_string(&handling).unwrap(), json);
        assert_eq!(serde_json::from_str::<Handling>(json).unwrap(), handling);
        assert!(serde_json::from_str::<Handling>(&json.replace("green", "PAP:GREEN")).is_err());
        for rule in Onward::ALL {
            assert_eq!(rule.as_str().parse(), Ok(*rule));
        }
        assert!("NEVER".parse::<Onward>().is_err());
    }
}
