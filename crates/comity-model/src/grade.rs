//! The Admiralty grading of sources and information (NATO STANAG 2511, as the MISP taxonomy
//! `admiralty-scale` lists it).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How far a source can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    F,
}

/// How far a piece of information can be believed: 1 (confirmed) to 5 (improbable), 6 (cannot be judged).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Credibility(u8);

impl Credibility {
    /// 1 to 6.
    pub const fn new(digit: u8) -> Option<Self> {
        if digit >= 1 && digit <= 6 { Some(Self(digit)) } else { None }
    }

    /// The digit, 1 to 6.
    pub const fn digit(self) -> u8 {
        self.0
    }

    /// STIX `confidence` on the scale of STIX 2.1 appendix A; `None` for 6, where confidence is left out.
    pub const fn confidence(self) -> Option<u8> {
        match self.0 {
            1 => Some(90),
            2 => Some(70),
            3 => Some(50),
            4 => Some(30),
            5 => Some(10),
            _ => None,
        }
    }

    /// What a STIX `confidence` says of the information, by the ranges of STIX 2.1 appendix A; `None` above 100. Never 6,
    /// which is an absent `confidence`.
    pub const fn of_confidence(confidence: u8) -> Option<Self> {
        match confidence {
            0..=19 => Some(Self(5)),
            20..=39 => Some(Self(4)),
            40..=59 => Some(Self(3)),
            60..=79 => Some(Self(2)),
            80..=100 => Some(Self(1)),
            _ => None,
        }
    }
}

/// Both halves of the grade, as `B2`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grade {
    /// Of the source.
    pub reliability: Reliability,
    /// Of the information.
    pub credibility: Credibility,
}

impl Grade {
    /// Whether this grade is as good as `floor` in both halves. `F` and `6` say that nothing can be
    /// judged, so they meet only a floor that asks for nothing better.
    pub fn meets(self, floor: Self) -> bool {
        self.reliability <= floor.reliability && self.credibility <= floor.credibility
    }
}

/// A text that is no grade.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a grade; write a letter A to F and a digit 1 to 6, as `B2`")]
pub struct GradeError(String);

impl FromStr for Grade {
    type Err = GradeError;

    fn from_str(text: &str) -> Result<Self, GradeError> {
        let grade = match text.as_bytes() {
            [letter, digit @ b'1'..=b'6'] => {
                let reliability = match letter {
                    b'A' => Some(Reliability::A),
                    b'B' => Some(Reliability::B),
                    b'C' => Some(Reliability::C),
                    b'D' => Some(Reliability::D),
                    b'E' => Some(Reliability::E),
                    b'F' => Some(Reliability::F),
                    _ => None,
                };
                reliability
                    .map(|reliability| Self { reliability, credibility: Credibility(digit - b'0') })
            }
            _ => None,
        };
        grade.ok_or_else(|| GradeError(text.chars().take(20).collect()))
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.reliability, self.credibility.0)
    }
}

impl fmt::Debug for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Grade {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grade {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::json::parsed(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table "Admiralty Credibility" of STIX 2.1 appendix A: the digit, its value, its range.
    const APPENDIX_A: [(u8, u8, std::ops::RangeInclusive<u8>); 5] =
        [(5, 10, 0..=19), (4, 30, 20..=39), (3, 50, 40..=59), (2, 70, 60..=79), (1, 90, 80..=100)];

    #[test]
    fn credibility_and_confidence_are_one_scale_by_the_standards_table() {
        for (digit, value, range) in APPENDIX_A {
            let credibility = Credibility::new(digit).unwrap();
            assert_eq!(credibility.confidence(), Some(value));
            for confidence in range {
                assert_eq!(
                    Credibility::of_confidence(confidence),
                    Some(credibility),
                    "{confidence}"
                );
            }
        }
        assert_eq!(Credibility::new(6).unwrap().confidence(), None);
        assert_eq!(Credibility::of_confidence(101), None);
    }

    #[test]
    fn a_grade_meets_a_floor_only_in_both_halves() {
        let grade = |text: &str| text.parse::<Grade>().unwrap();
        assert!(grade("B2").meets(grade("C3")));
        assert!(grade("C3").meets(grade("C3")));
        assert!(!grade("A4").meets(grade("C3")));
        assert!(!grade("D1").meets(grade("C3")));
        assert!(!grade("F6").meets(grade("E5")));
        for bad in ["", "B", "G1", "A0", "A7", "b2", "B2 ", "B22"] {
            assert!(bad.parse::<Grade>().is_err(), "{bad}");
        }
    }
}
