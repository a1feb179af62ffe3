//! The names of things: parties, agreements, releases, statements, officers, channels and folios.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

use crate::Digest;

/// A text that does not name what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct IdError {
    /// What was given, cut to 100 characters.
    pub text: String,
    /// What was expected, with an example.
    pub expected: &'static str,
}

impl IdError {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(100).collect(), expected }
    }
}

macro_rules! text_serde {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::json::parsed(deserializer)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID alone.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "--{}"), self.0.as_hyphenated())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "--"))
                    .and_then(canonical_uuid)
                    .map(Self)
                    .ok_or_else(|| IdError::new(text, $expected))
            }
        }

        text_serde!($name);
    };
}

uuid_id!(
    /// An agreement, the same through all its versions. Text form: `agreement--<uuid>`.
    AgreementId, "agreement", "an agreement id, as `agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);
uuid_id!(
    /// A release as composed. Text form: `release--<uuid>`.
    ReleaseId, "release", "a release id, as `release--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);
uuid_id!(
    /// A statement (docs/protocol.md section 3). Text form: `statement--<uuid>`.
    StatementId, "statement", "a statement id, as `statement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);
uuid_id!(
    /// An officer, by a random id that the party's registrar certified. Text form: `officer--<uuid>`.
    OfficerId, "officer", "an officer id, as `officer--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);
uuid_id!(
    /// A standing approval. Text form: `standing--<uuid>`.
    StandingId, "standing", "a standing approval's id, as `standing--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);
uuid_id!(
    /// A contact with a partner outside the system, which stays in this node. Text form: `contact--<uuid>`.
    ContactId, "contact", "a contact id, as `contact--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`"
);

/// What a matter is about: each kind begins with a statement kind of its own (docs/protocol.md section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatterKind {
    /// A request for information.
    Request,
    /// Something that needs the partner's decision.
    Proposal,
    /// Technical support.
    Advice,
    /// A question whether something may go on to a third party.
    Consent,
    /// A demand that something released be purged, corrected or replaced.
    Recall,
    /// A statement that something received was purged, or is held back from it.
    Purge,
}

impl MatterKind {
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Request, Self::Proposal, Self::Advice, Self::Consent, Self::Recall, Self::Purge];

    /// The word that begins its ids.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Proposal => "proposal",
            Self::Advice => "advice",
            Self::Consent => "consent",
            Self::Recall => "recall",
            Self::Purge => "purge",
        }
    }
}

/// A matter between two parties: everything that was said about one request, proposal, consent, recall, purge or piece of
/// advice. Text form: `request--<uuid>`, and so on for each [`MatterKind`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatterId {
    kind: MatterKind,
    uuid: Uuid,
}

impl MatterId {
    /// The id with this UUID.
    pub const fn new(kind: MatterKind, uuid: Uuid) -> Self {
        Self { kind, uuid }
    }

    /// What it is about.
    pub const fn kind(&self) -> MatterKind {
        self.kind
    }

    /// The UUID alone.
    pub const fn uuid(&self) -> Uuid {
        self.uuid
    }
}

impl fmt::Display for MatterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}--{}", self.kind.as_str(), self.uuid.as_hyphenated())
    }
}

impl FromStr for MatterId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let read = || {
            let (word, uuid) = text.split_once("--")?;
            let kind = MatterKind::ALL.iter().find(|it| it.as_str() == word)?;
            Some(Self { kind: *kind, uuid: canonical_uuid(uuid)? })
        };
        let expected = "the id of a matter, as `request--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11`";
        read().ok_or_else(|| IdError::new(text, expected))
    }
}

text_serde!(MatterId);

/// A party *is* its root key: the digest of the root public keys (docs/protocol.md section 1).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyRoot(Digest);

impl PartyRoot {
    /// The party with this root digest.
    pub const fn new(digest: Digest) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }

    /// The first 16 bytes as 32 hexadecimal digits, as they stand in log origins.
    pub fn short(&self) -> String {
        self.0.hex().chars().take(32).collect()
    }
}

impl fmt::Display for PartyRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for PartyRoot {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self).map_err(|_| {
            IdError::new(text, "a party's root, `sha256:` and 64 lower-case hexadecimal digits")
        })
    }
}

text_serde!(PartyRoot);

/// A party's local nickname: 2 to 16 lower-case letters, digits and inner hyphens, beginning with a letter.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(String);

impl Handle {
    /// The nickname.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Handle {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let legal = (2..=16).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if legal {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::new(
                text,
                "a handle; write 2 to 16 lower-case letters, digits or inner hyphens, as `mx`",
            ))
        }
    }
}

text_serde!(Handle);

/// One direction of one agreement: what has its own sequence and its own log (docs/protocol.md section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelId {
    /// The agreement.
    pub agreement: AgreementId,
    /// Counts from 1; a new one is opened only when a party lost its own history.
    pub epoch: u32,
    /// The party that speaks.
    pub from: PartyRoot,
    /// The party that is spoken to.
    pub to: PartyRoot,
}

impl ChannelId {
    /// The origin of this channel's log and the name of the keys that sign it.
    pub fn origin(&self) -> String {
        self.to_string()
    }

    /// Whether both are the same direction of the same agreement, in whichever epoch.
    pub fn is_way_of(&self, other: &Self) -> bool {
        *self == Self { epoch: self.epoch, ..*other }
    }

    /// The same agreement and epoch, the other way.
    #[must_use]
    pub const fn reverse(self) -> Self {
        Self { agreement: self.agreement, epoch: self.epoch, from: self.to, to: self.from }
    }
}

impl fmt::Display for ChannelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uuid = self.agreement.uuid();
        let (from, to) = (self.from.short(), self.to.short());
        write!(f, "comity/{}/{}/{from}/{to}", uuid.as_hyphenated(), self.epoch)
    }
}

/// The number by which people refer to a thing: `MX-2026-000123`, by party, year and number.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folio {
    handle: Handle,
    year: i16,
    number: u32,
}

impl Folio {
    /// The folio number `number` (from 1) that `handle` gave in `year`.
    pub const fn new(handle: Handle, year: i16, number: u32) -> Self {
        Self { handle, year, number }
    }

    /// The party that gave it.
    pub const fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl fmt::Display for Folio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handle = self.handle.0.to_ascii_uppercase();
        write!(f, "{handle}-{:04}-{:06}", self.year, self.number)
    }
}

impl FromStr for Folio {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let parse = || {
            let (rest, number) = text.rsplit_once('-')?;
            let (handle, year) = rest.rsplit_once('-')?;
            if number.len() < 6 || year.len() != 4 || !digits(number) || !digits(year) {
                return None;
            }
            let handle = handle.to_ascii_lowercase().parse().ok()?;
            let folio = Self { handle, year: year.parse().ok()?, number: number.parse().ok()? };
            folio.to_string().eq_ignore_ascii_case(text).then_some(folio)
        };
        parse().ok_or_else(|| IdError::new(text, "a folio, as `MX-2026-000123`"))
    }
}

text_serde!(Folio);

fn canonical_uuid(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    let mut buffer = Uuid::encode_buffer();
    (*uuid.as_hyphenated().encode_lower(&mut buffer) == *text).then_some(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folio_reads_back_as_it_is_printed_in_either_case() {
        for text in ["MX-2026-000123", "US-EAST-2026-1000000"] {
            let folio: Folio = text.parse().unwrap();
            assert_eq!(folio.to_string(), text);
            assert_eq!(text.to_lowercase().parse::<Folio>().unwrap(), folio);
        }
        for text in
            ["MX-2026-123", "MX-26-000123", "2026-000123", "MX-2026-0000123", "MX-2026-+00123"]
        {
            assert!(text.parse::<Folio>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        let text = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";
        assert_eq!(text.parse::<AgreementId>().unwrap().to_string(), text);
        assert!(text.to_uppercase().parse::<AgreementId>().is_err());
        assert!(text.replace('-', "").parse::<AgreementId>().is_err());
        assert!(text.parse::<ReleaseId>().is_err());
    }

    #[test]
    fn a_handle_is_short_and_plain() {
        for good in ["mx", "us", "us-east", "a1"] {
            assert!(good.parse::<Handle>().is_ok(), "{good}");
        }
        for bad in ["", "m", "MX", "1mx", "mx-", "mx/us", "../x", "a-name-that-is-too-long", "añ"]
        {
            assert!(bad.parse::<Handle>().is_err(), "{bad}");
        }
    }
}
