//! Identifiers: `type--UUID` (section 2.9).

use std::fmt;
use std::str::FromStr;

use uuid::{Builder, Uuid};

/// The namespace of deterministic identifiers of cyber-observable objects (section 2.9).
pub const OBSERVABLE_NAMESPACE: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);

/// A STIX identifier. It keeps the text it was read from, since identifiers are compared byte by byte
/// (section 3.3); ordering is by that text too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StixId {
    text: String,
}

/// Why a text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// There is no `--` with a UUID after it.
    #[error("an identifier is a type, two hyphens and a UUID: write it so")]
    Form,
    /// What stands before the UUID is no type name (section 11.2.1).
    #[error(
        "the type of an identifier is 3 to 250 of a-z, 0-9 and single hyphens, a letter first: correct it"
    )]
    Type,
}

impl IdError {
    /// A stable name in kebab case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "id-form",
            Self::Type => "type-name",
        }
    }
}

impl StixId {
    /// Reads an identifier. Any hexadecimal UUID is taken, in either case; whether it is one of
    /// RFC 4122 is for [`crate::check`] to say.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let (type_, _) = split(text).ok_or(IdError::Form)?;
        if !is_type_name(type_) {
            return Err(IdError::Type);
        }
        Ok(Self { text: text.to_owned() })
    }

    /// A new identifier with a version 4 UUID made of the 16 random bytes given; six of their bits
    /// are set to version and variant. Fails with [`IdError::Type`] when `type_` is no type name.
    pub fn new(type_: &str, random: [u8; 16]) -> Result<Self, IdError> {
        Self::of(type_, Builder::from_random_bytes(random).into_uuid())
    }

    /// The deterministic identifier of a cyber-observable object (section 2.9): a version 5 UUID in
    /// the [`OBSERVABLE_NAMESPACE`] over the object's ID contributing properties, given as one JSON
    /// object in the canonical form of RFC 8785. Fails with [`IdError::Type`] when `type_` is no type
    /// name.
    pub fn deterministic(type_: &str, canonical_json: &[u8]) -> Result<Self, IdError> {
        Self::of(type_, Uuid::new_v5(&OBSERVABLE_NAMESPACE, canonical_json))
    }

    pub(crate) fn of(type_: &str, uuid: Uuid) -> Result<Self, IdError> {
        if !is_type_name(type_) {
            return Err(IdError::Type);
        }
        Ok(Self { text: format!("{type_}--{}", uuid.hyphenated()) })
    }

    /// The identifier as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The type before the two hyphens.
    pub fn type_(&self) -> &str {
        split(&self.text).map_or("", |(type_, _)| type_)
    }

    /// The UUID.
    pub fn uuid(&self) -> Uuid {
        split(&self.text).and_then(|(_, uuid)| Uuid::parse_str(uuid).ok()).unwrap_or_default()
    }
}

impl fmt::Display for StixId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for StixId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl AsRef<str> for StixId {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

/// Type and UUID of a text of the form of an identifier; the type is not looked at.
pub(crate) fn split(text: &str) -> Option<(&str, &str)> {
    let (front, uuid) = text.split_at_checked(text.len().checked_sub(UUID)?)?;
    let type_ = front.strip_suffix("--")?;
    (is_uuid(uuid.as_bytes()) && !type_.is_empty()).then_some((type_, uuid))
}

/// What a UUID breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UuidFault {
    /// It is none of RFC 4122 section 4.1.
    NotRfc4122,
    /// It is written in upper case, which RFC 4122 section 3 keeps from output.
    Uppercase,
}

/// The version of a UUID that is in the form of one, which [`split`] sees to.
pub(crate) fn version(text: &str) -> Result<usize, UuidFault> {
    // RFC 4122 section 4.1: the version is the 13th digit, the variant the high bits of the 17th.
    let (version, variant) = match (text.as_bytes().get(14), text.as_bytes().get(19)) {
        (Some(version @ b'1'..=b'5'), Some(variant)) => (usize::from(version - b'0'), variant),
        _ => return Err(UuidFault::NotRfc4122),
    };
    if !matches!(variant.to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b') {
        return Err(UuidFault::NotRfc4122);
    }
    if text.bytes().fold(false, |found, byte| found | byte.is_ascii_uppercase()) {
        return Err(UuidFault::Uppercase);
    }
    Ok(version)
}

/// Bytes of a UUID as it is written.
const UUID: usize = 36;

/// Whether the bytes are a UUID. All are looked at without a branch, since nearly all that come are.
fn is_uuid(bytes: &[u8]) -> bool {
    const HYPHENS: [u8; UUID] = *b"--------x----x----x----x------------";
    let Some(bytes) = bytes.first_chunk::<UUID>() else { return false };
    bytes.iter().zip(HYPHENS).fold(true, |good, (byte, place)| {
        let digit = byte.wrapping_sub(b'0') < 10 || (byte | 0x20).wrapping_sub(b'a') < 6;
        good & if place == b'x' { *byte == b'-' } else { digit }
    })
}

/// Whether the text may name a type (sections 3.1 and 11.2.1).
pub(crate) fn is_type_name(name: &str) -> bool {
    let mut before = 0;
    let letters = name.bytes().all(|byte| {
        let hyphens = byte == b'-' && before == b'-';
        before = byte;
        !hyphens && matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')
    });
    (3..=250).contains(&name.len())
        && letters
        && name.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{IdError, StixId, UuidFault, version};
    use uuid::{Uuid, Variant};

    #[test]
    fn versions_and_variants_are_those_of_the_uuid() {
        for digits in 0..=u8::MAX {
            let (one, other) = (digits >> 4, digits & 15);
            let text = format!("743a6a93-6930-{one:x}398-{other:x}d60-fac724982781");
            let uuid = Uuid::parse_str(&text).unwrap();
            let good = uuid.get_variant() == Variant::RFC4122 && (1..=5).contains(&one);
            let expected = if good { Ok(usize::from(one)) } else { Err(UuidFault::NotRfc4122) };
            assert_eq!(version(&text), expected, "{text}");
            if good {
                assert_eq!(version(&text.to_uppercase()), Err(UuidFault::Uppercase), "{text}");
            }
        }
    }

    #[test]
    fn an_identifier_comes_back_as_it_was_written() {
        for text in [
            "indicator--e2e1a340-4415-4ba8-9671-f7343fbf0836",
            "x-mitre-tactic--DAA4cbb1-b4f4-4723-a824-7f1efd6e0592",
        ] {
            let id: StixId = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
            assert!(text.starts_with(id.type_()));
            assert!(text.to_lowercase().ends_with(&id.uuid().to_string()));
        }
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        let uuid = "e2e1a340-4415-4ba8-9671-f7343fbf0836";
        for text in ["", "--", uuid, &format!("--{uuid}"), &format!("indicator-{uuid}")] {
            assert_eq!(StixId::parse(text), Err(IdError::Form), "{text}");
        }
        for text in [
            "indicator--e2e1a34044154ba89671f7343fbf0836",
            "ñ--ñ2e1a340-4415-4ba8-9671-f7343fbf083",
        ] {
            assert_eq!(StixId::parse(text), Err(IdError::Form), "{text}");
        }
        for type_ in ["ab", "Indicator", "a--b", "1abc", "x_a", "año", &"a".repeat(251)] {
            assert_eq!(StixId::parse(&format!("{type_}--{uuid}")), Err(IdError::Type), "{type_}");
            assert_eq!(StixId::new(type_, [0; 16]), Err(IdError::Type), "{type_}");
        }
    }

    #[test]
    fn a_new_identifier_is_version_4_and_made_of_the_bytes_given() {
        let id = StixId::new("report", [0xff; 16]).unwrap();
        assert_eq!(id.as_str(), "report--ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    /// The identifiers are from examples of the standard, section 6.8.1.
    #[test]
    fn a_deterministic_identifier_is_the_one_every_producer_makes() {
        for (type_, canonical, id) in [
            (
                "ipv4-addr",
                r#"{"value":"198.51.100.3"}"#,
                "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
            ),
            (
                "ipv4-addr",
                r#"{"value":"198.51.100.0/24"}"#,
                "ipv4-addr--1ea47840-aa39-5aa8-b4a2-cd203eb6662a",
            ),
        ] {
            let made = StixId::deterministic(type_, canonical.as_bytes()).unwrap();
            assert_eq!(made.as_str(), id);
        }
    }
}
