//! Names of software and of where it keeps its settings.

/// A CPE name of version 2.3, as a formatted string (NISTIR 7695 section 6.2.1): eleven components, each `*`, `-`, or text
/// whose punctuation is escaped and whose wildcards stand at its ends.
pub(in crate::check) fn is_cpe(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("cpe:2.3:") else { return false };
    let mut components = Components { rest: Some(rest) };
    let part = components.next().is_some_and(|part| matches!(part, "a" | "h" | "o" | "*" | "-"));
    let mut count = 1;
    let others = components.all(|component| {
        count += 1;
        // The seventh names a language.
        if count == 7 { is_language(component) } else { is_component(component) }
    });
    part && others && count == 11
}

/// Splits at colons that are not escaped.
struct Components<'t> {
    rest: Option<&'t str>,
}

impl<'t> Iterator for Components<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest.take()?;
        let mut escaped = false;
        let colon = rest.bytes().position(|byte| {
            let found = byte == b':' && !escaped;
            escaped = byte == b'\\' && !escaped;
            found
        });
        let Some((component, after)) = colon.and_then(|at| rest.split_at_checked(at)) else {
            return Some(rest);
        };
        self.rest = after.strip_prefix(':');
        Some(component)
    }
}

fn is_component(text: &str) -> bool {
    if matches!(text, "*" | "-") {
        return true;
    }
    let front = text.trim_start_matches('?');
    let front =
        if front.len() == text.len() { text.strip_prefix('*').unwrap_or(text) } else { front };
    let mut middle = front.bytes().peekable();
    let mut any = false;
    while let Some(byte) = middle.next() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => any = true,
            b'\\' => match middle.next() {
                Some(next)
                    if next.is_ascii_punctuation() && !matches!(next, b'-' | b'.' | b'_') =>
                {
                    any = true;
                }
                // A hyphen that stands alone has to be escaped, so it may be.
                Some(b'-') => any = true,
                _ => return false,
            },
            b'*' => return any && middle.peek().is_none(),
            b'?' => return any && middle.all(|byte| byte == b'?'),
            _ => return false,
        }
    }
    any
}

/// A language of two or three letters, and a region of two letters or three digits.
fn is_language(text: &str) -> bool {
    if matches!(text, "*" | "-") {
        return true;
    }
    let (language, region) = text.split_once('-').map_or((text, None), |(l, r)| (l, Some(r)));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let region = region.is_none_or(|r| r.len() == 2 && letters(r) || r.len() == 3 && digits(r));
    (2..=3).contains(&language.len()) && letters(language) && region
}

/// A key of the Windows registry whose hive is written out (section 6.17.1).
pub(in crate::check) fn is_registry_key(text: &str) -> bool {
    const SHORT: &[&str] = &["HKLM", "HKCU", "HKCR", "HKCC", "HKU", "HKPD", "HKDD"];
    let hive = text.split('\\').next().unwrap_or_default();
    !SHORT.iter().any(|short| short.eq_ignore_ascii_case(hive))
}

#[cfg(test)]
mod tests {
    use super::{is_cpe, is_registry_key};

    #[test]
    fn a_cpe_has_eleven_components() {
        for text in [
            "cpe:2.3:a:microsoft:word:2000:*:*:*:*:*:*:*",
            r"cpe:2.3:a:c\+\+:li\:b:1.0.\*:-:*:es-MX:*:*:*:*",
            "cpe:2.3:*:??x*:*y:z?:*:*:spa-419:*:*:*:*",
            r"cpe:2.3:o:x:\-:-:*:*:-:*:*:*:*",
        ] {
            assert!(is_cpe(text), "{text}");
        }
        for text in [
            "",
            "invalid",
            "cpe:/a:x:y",
            "cpe:2.3:a:x:y:*:*:*:*:*:*:*",
            "cpe:2.3:a:x:y:*:*:*:*:*:*:*:*:*",
            "cpe:2.3:b:x:y:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:x y:y:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:x*y:y:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:x:y:*:*:*:klingon:*:*:*:*",
            "cpe:2.3:a::y:*:*:*:*:*:*:*:*",
            r"cpe:2.3:a:x\:y:*:*:*:*:*:*:*:*",
            "cpe:2.3:a:**:y:*:*:*:*:*:*:*:*",
            r"cpe:2.3:a:x\a:y:*:*:*:*:*:*:*:*",
        ] {
            assert!(!is_cpe(text), "{text}");
        }
    }

    #[test]
    fn a_hive_is_written_out() {
        assert!(is_registry_key(r"HKEY_LOCAL_MACHINE\SYSTEM") && is_registry_key("hkey_users"));
        assert!(!is_registry_key(r"HKLM\system") && !is_registry_key("hkcu"));
    }
}
