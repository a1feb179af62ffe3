//! Language tags (RFC 5646 section 2.1).

/// Tags that are older than the grammar and do not fit it (RFC 5646 section 2.1, `irregular`).
const IRREGULAR: &[&str] = &[
    "art-lojban",
    "en-gb-oed",
    "i-ami",
    "i-bnn",
    "i-default",
    "i-enochian",
    "i-hak",
    "i-klingon",
    "i-lux",
    "i-mingo",
    "i-navajo",
    "i-pwn",
    "i-tao",
    "i-tay",
    "i-tsu",
    "sgn-be-fr",
    "sgn-be-nl",
    "sgn-ch-de",
];

/// Whether a tag is well formed: language with its extensions, script, region, variants, extensions, private use, each
/// in its place, no variant and no singleton twice. Which subtags are registered is not asked.
pub(crate) fn is_tag(tag: &str) -> bool {
    if IRREGULAR.iter().any(|old| old.eq_ignore_ascii_case(tag)) {
        return true;
    }
    let mut parts = tag.split('-').peekable();
    if parts.peek().is_some_and(|first| first.eq_ignore_ascii_case("x")) {
        parts.next();
        return private(parts);
    }
    let Some(language) = parts.next() else { return false };
    if !letters(language, 2..=8) {
        return false;
    }
    if language.len() <= 3 {
        for _ in 0..3 {
            let _ = parts.next_if(|part| letters(part, 3..=3));
        }
    }
    let _ = parts.next_if(|part| letters(part, 4..=4));
    let _ = parts.next_if(|part| letters(part, 2..=2) || digits(part));
    let mut variants: [&str; 8] = [""; 8];
    let mut count = 0;
    while let Some(variant) = parts.next_if(|part| is_variant(part)) {
        if variants.iter().any(|other| other.eq_ignore_ascii_case(variant)) {
            return false;
        }
        if let Some(place) = variants.get_mut(count) {
            *place = variant;
        }
        count += 1;
    }
    extensions(parts)
}

/// Singletons with their subtags, then private use.
fn extensions<'t>(mut parts: std::iter::Peekable<impl Iterator<Item = &'t str>>) -> bool {
    let mut singletons = 0_u64;
    while let Some(singleton) = parts.next() {
        let [letter] = singleton.as_bytes() else { return false };
        let place = match letter.to_ascii_lowercase() {
            b'x' => return private(parts),
            letter @ b'a'..=b'z' => letter - b'a' + 10,
            digit @ b'0'..=b'9' => digit - b'0',
            _ => return false,
        };
        if singletons & 1 << place != 0 {
            return false;
        }
        singletons |= 1 << place;
        let mut subtags = 0;
        while parts.next_if(|part| alphanumeric(part, 2..=8)).is_some() {
            subtags += 1;
        }
        if subtags == 0 {
            return false;
        }
    }
    true
}

fn private<'t>(mut parts: impl Iterator<Item = &'t str>) -> bool {
    let mut any = false;
    parts.all(|part| {
        any = true;
        alphanumeric(part, 1..=8)
    }) && any
}

fn is_variant(part: &str) -> bool {
    alphanumeric(part, 5..=8)
        || alphanumeric(part, 4..=4) && part.starts_with(|first: char| first.is_ascii_digit())
}

fn letters(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn alphanumeric(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn digits(part: &str) -> bool {
    part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_tag;

    #[test]
    fn each_part_of_a_tag_stands_in_its_place() {
        for tag in [
            "es",
            "es-MX",
            "es-419",
            "zh-Hant-TW",
            "zh-cmn-Hans-CN",
            "sl-rozaj-biske",
            "de-CH-1901",
            "en-US-u-islamcal",
            "zh-CN-a-myext-x-private",
            "x-whatever",
            "i-klingon",
            "en-GB-oed",
            "art-lojban",
            "zh-min-nan",
            "qaa-Qaaa-QM-x-southern",
            "hy-Latn-IT-arevela",
            "nah",
            "en-a-bbb-x-a-ccc",
            "abcdefgh",
            "sgn-BE-FR",
            "de-1996-x-1",
            "ar-a-aaa-b-bbb-a1-ccc",
        ] {
            assert!(is_tag(tag), "{tag}");
        }
        for tag in [
            "",
            "-",
            "e",
            "español",
            "es_MX",
            "es-",
            "-es",
            "es--MX",
            "es-MX-MX",
            "a-DE",
            "i-none",
            "x",
            "x-",
            "de-419-DE",
            "ar-a-aaa-b-bbb-a-ccc",
            "en-a",
            "en-a-x-b",
            "de-1901-1901",
            "abcdefghi",
            "12",
            "es-MX-Latn",
            "en-a-bbb-a-ccc",
            "de-CH-190",
            "x-abcdefghi",
            "es MX",
            "en-x",
        ] {
            assert!(!is_tag(tag), "{tag}");
        }
    }

    #[test]
    fn a_long_tag_is_read_in_one_go() {
        assert!(is_tag(&format!("x-{}a", "b-".repeat(200_000))));
        assert!(!is_tag(&format!("en{}", "-a".repeat(200_000))));
    }
}
