//! The two scales: the Traffic Light Protocol and the Permissible Actions Protocol.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::definition::canonical;

/// A word that is on no scale.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct LevelError {
    /// What was given, cut to 60 characters.
    pub text: String,
    /// What would be right.
    pub expected: &'static str,
}

impl LevelError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        "unknown-level"
    }
}

macro_rules! scale {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $expected:literal, {
        $($(#[$level_doc:meta])* $level:ident = $word:literal $(| $older:literal)*, $label:literal;)+
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$level_doc])* #[serde(rename = $word)] $level),+
        }

        impl $name {
            /// Every level, the least restrained first.
            pub const ALL: &'static [Self] = &[$(Self::$level),+];

            /// The level as a word in lower case, without the name of the protocol.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$level => $word),+ }
            }

            /// The label as people write it above a text: the protocol, a colon, the level in capitals.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$level => $label),+ }
            }

            /// Reads a label such as MISP puts among the labels of an object, in upper or lower case.
            /// `None` of anything else.
            pub fn from_label(label: &str) -> Option<Self> {
                let (protocol, level) = label.split_once(':')?;
                let ours = protocol.eq_ignore_ascii_case($prefix);
                ours.then(|| level.to_ascii_lowercase().parse().ok()).flatten()
            }
        }

        /// The label, see [`Self::label`].
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.label())
            }
        }

        /// Reads the word of [`Self::as_str`]; labels are for [`Self::from_label`].
        impl FromStr for $name {
            type Err = LevelError;

            fn from_str(text: &str) -> Result<Self, LevelError> {
                match text {
                    $($word $(| $older)* => Ok(Self::$level),)+
                    _ => Err(LevelError {
                        text: text.chars().take(60).collect(),
                        expected: $expected,
                    }),
                }
            }
        }
    };
}

scale!(
    /// The Traffic Light Protocol of FIRST, versions 1 and 2.0, in order of restraint. `white` of
    /// version 1 is read as `clear`.
    Tlp, "tlp", "a TLP label; write `clear`, `green`, `amber`, `amber+strict` or `red`", {
        /// May go to everybody.
        Clear = "clear" | "white", "TLP:CLEAR";
        /// May go to the community.
        Green = "green", "TLP:GREEN";
        /// May go to the recipient's organization and its clients.
        Amber = "amber", "TLP:AMBER";
        /// May go to the recipient's organization only. Not in version 1.
        AmberStrict = "amber+strict", "TLP:AMBER+STRICT";
        /// For the eyes of the individual recipients only.
        Red = "red", "TLP:RED";
    }
);

scale!(
    /// The Permissible Actions Protocol (MISP taxonomy `PAP`), in order of restraint. Its older `white`
    /// is read as `clear`.
    Pap, "pap", "a PAP label; write `clear`, `green`, `amber` or `red`", {
        /// Any use.
        Clear = "clear" | "white", "PAP:CLEAR";
        /// Active actions allowed.
        Green = "green", "PAP:GREEN";
        /// Passive cross-checks only.
        Amber = "amber", "PAP:AMBER";
        /// Nothing that could be seen from outside.
        Red = "red", "PAP:RED";
    }
);

impl Tlp {
    /// The label that a fixed marking definition stands for, by its id: TLP 1 (section 7.2.1.4) and TLP
    /// 2.0. `None` of every other id.
    pub fn of_id(id: &str) -> Option<Self> {
        canonical(id)?.tlp()
    }
}

impl Pap {
    /// The label that a fixed marking definition stands for, by its id, as in the PAP extension that
    /// OASIS publishes. `None` of every other id.
    pub fn of_id(id: &str) -> Option<Self> {
        canonical(id)?.pap()
    }

    /// The strictest PAP label among an object's `labels`, where MISP writes it.
    pub fn of_labels<'a>(labels: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        labels.into_iter().filter_map(Self::from_label).max()
    }
}
