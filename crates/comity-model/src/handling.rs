//! The terms that travel with a released object and bind its receiver.

use std::fmt;
use std::str::FromStr;

pub use comity_stix::marking::{Pap, Tlp};
use jiff::{SignedDuration, Timestamp};
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
    /// When it is purged at the latest, however long `retention_days` lasts: for what is passed on, when the party that
    /// passes it on must purge it itself. Whoever gives what is its own sets no such end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Handling {
    /// Until when what was received at `received_at` may be kept.
    pub fn keep_until(&self, received_at: Timestamp) -> Timestamp {
        let days = SignedDuration::from_hours(24 * i64::from(self.retention_days));
        let end = received_at.checked_add(days).unwrap_or(Timestamp::MAX);
        self.until.map_or(end, |until| until.min(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_that_was_set_is_kept_where_it_comes_before_the_days_are_over() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut handling = Handling {
            tlp: Tlp::Green,
            pap: None,
            use_codes: vec![UseCode::IntelligenceOnly],
            onward: Onward::Units,
            retention_days: 30,
            until: None,
        };
        let received = at("2026-03-01T10:00:00Z");
        assert_eq!(handling.keep_until(received), at("2026-03-31T10:00:00Z"));
        for (until, end) in [
            ("2026-03-10T00:00:00Z", "2026-03-10T00:00:00Z"),
            ("2027-01-01T00:00:00Z", "2026-03-31T10:00:00Z"),
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ] {
            handling.until = Some(at(until));
            assert_eq!(handling.keep_until(received), at(end));
        }
        handling.until = None;
        assert_eq!(handling.keep_until(Timestamp::MAX), Timestamp::MAX);
    }

    #[test]
    fn the_words_of_a_manifest_are_those_of_the_protocol() {
        let handling = Handling {
            tlp: Tlp::AmberStrict,
            pap: Some(Pap::Green),
            use_codes: vec![UseCode::IntelligenceOnly],
            onward: Onward::OriginatorConsent,
            retention_days: 180,
            until: None,
        };
        let json = r#"{"tlp":"amber+strict","pap":"green","use":["intelligence-only"],"onward":"originator-consent","retention_days":180}"#;
        assert_eq!(serde_json::to_string(&handling).unwrap(), json);
        assert_eq!(serde_json::from_str::<Handling>(json).unwrap(), handling);
        assert!(serde_json::from_str::<Handling>(&json.replace("green", "PAP:GREEN")).is_err());
        for rule in Onward::ALL {
            assert_eq!(rule.as_str().parse(), Ok(*rule));
        }
        let until = Some("2026-08-28T10:00:00Z".parse().unwrap());
        let passed_on = Handling { until, ..handling };
        let json = json.replace('}', r#","until":"2026-08-28T10:00:00Z"}"#);
        assert_eq!(serde_json::to_string(&passed_on).unwrap(), json);
        assert_eq!(serde_json::from_str::<Handling>(&json).unwrap(), passed_on);
        assert!("NEVER".parse::<Onward>().is_err());
    }
}
