//! Bytes written as text: base64, hexadecimal, hash values.

/// Base64 with its padding (section 2.1, RFC 4648 section 4); the bits that pad the last byte are zero.
pub(crate) fn is_base64(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|byte| value(**byte).is_some()).count();
    let padding = bytes.len() - digits;
    let padded = bytes.iter().skip(digits).all(|byte| *byte == b'=');
    let last = digits.checked_sub(1).and_then(|at| bytes.get(at)).and_then(|byte| value(*byte));
    let spare = match padding {
        0 => 0,
        1 => 0b11,
        2 => 0b1111,
        _ => return false,
    };
    bytes.len().is_multiple_of(4) && padded && last.is_none_or(|last| last & spare == 0)
}

/// The value of a digit of base64.
fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Lower-case hexadecimal, two digits a byte (section 2.8).
pub(crate) fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2)
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a value is one that the algorithm gives (section 10.7). Of algorithms that are not listed there nothing is
/// known.
pub(crate) fn is_value(algorithm: &str, text: &str) -> bool {
    let digest =
        |digits: usize| text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match algorithm {
        "MD5" => digest(32),
        "SHA-1" => digest(40),
        "SHA-256" | "SHA3-256" => digest(64),
        "SHA-512" | "SHA3-512" => digest(128),
        "SSDEEP" => is_ssdeep(text),
        // 35 bytes; later editions put `T1` before them.
        "TLSH" => {
            digest(70)
                || text.len() == 72
                    && text.starts_with("T1")
                    && text.bytes().skip(2).all(|b| b.is_ascii_hexdigit())
        }
        _ => true,
    }
}

/// Block size, and two signatures of at most 64 digits of base64.
fn is_ssdeep(text: &str) -> bool {
    let mut parts = text.split(':');
    let (Some(size), Some(one), Some(other), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let signature = |part: &str| part.len() <= 64 && part.bytes().all(|b| value(b).is_some());
    (1..=10).contains(&size.len())
        && size.bytes().all(|byte| byte.is_ascii_digit())
        && signature(one)
        && signature(other)
}

#[cfg(test)]
mod tests {
    use super::{is_base64, is_hex, is_value};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    #[test]
    fn a_hash_is_as_long_as_its_algorithm_makes_it() {
        for (algorithm, digits) in [
            ("MD5", 32),
            ("SHA-1", 40),
            ("SHA-256", 64),
            ("SHA-512", 128),
            ("SHA3-256", 64),
            ("SHA3-512", 128),
            ("TLSH", 70),
        ] {
            assert!(is_value(algorithm, &"aB".repeat(digits / 2)));
            assert!(!is_value(algorithm, &"ab".repeat(digits / 2 + 1)), "{algorithm}");
            assert!(!is_value(algorithm, &"ag".repeat(digits / 2)), "{algorithm}");
        }
        assert!(is_value("TLSH", &format!("T1{}", "0".repeat(70))));
        assert!(is_value(
            "SSDEEP",
            "96:s4Ud1Lj96tHHlZDrwciQmA+4uy1I0G4HYuL8N3TzS8QsO/wqWXLcMSx:sF1LjEtHHlZDrJzrhuyZvHYm8tKp/RWO"
        ));
        assert!(!is_value("SSDEEP", "96:abc"));
        assert!(is_value("x_own", "anything"));
    }

    #[test]
    fn hexadecimal_is_lower_case_and_even() {
        assert!(is_hex("") && is_hex("00ff") && !is_hex("0") && !is_hex("0F") && !is_hex("0g"));
    }

    proptest! {
        #[test]
        fn base64_is_what_a_decoder_takes(bytes: Vec<u8>, text in "[A-Za-b0-1+/=]{0,9}") {
            prop_assert!(is_base64(&STANDARD.encode(bytes)));
            prop_assert_eq!(is_base64(&text), STANDARD.decode(&text).is_ok());
        }
    }
}
