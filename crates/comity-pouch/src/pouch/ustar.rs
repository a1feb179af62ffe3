//! One block of a ustar archive (POSIX.1-1988 section 10.1.1): written in one way, read in that way.

use super::PouchError;

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;
/// The largest size that 11 octal digits hold.
const SIZE_LIMIT: u64 = (1 << 33) - 1;

/// What a header says that is not fixed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) size: u64,
}

/// The header block of a regular file, or nothing if the name or the size does not fit.
pub(super) fn header(name: &str, size: u64) -> Option<[u8; BLOCK]> {
    if !is_name(name.as_bytes()) || size > SIZE_LIMIT {
        return None;
    }
    let mut block = Vec::with_capacity(BLOCK);
    let mut field = |bytes: &[u8], width: usize| {
        block.extend_from_slice(bytes);
        block.resize(block.len() + width.saturating_sub(bytes.len()), 0);
    };
    field(name.as_bytes(), 100);
    field(b"0000600", 8);
    field(b"0000000", 8);
    field(b"0000000", 8);
    field(format!("{size:011o}").as_bytes(), 12);
    field(b"00000000000", 12);
    field(b"        ", 8);
    field(b"0", 1);
    field(b"", 100);
    field(b"ustar", 6);
    field(b"00", 2);
    field(b"", 32);
    field(b"", 32);
    field(b"0000000", 8);
    field(b"0000000", 8);
    field(b"", 155);
    field(b"", 12);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    block.try_into().ok()
}

/// Reads a header block. What is wrong with a bad one is named as exactly as can be; whatever passes
/// that is still compared, byte for byte, with the one header that its name and size have.
pub(super) fn parse(block: &[u8; BLOCK]) -> Result<Entry, PouchError> {
    let field = |from: usize, len: usize| block.get(from..from + len).unwrap_or_default();
    let text = |from: usize, len: usize| {
        field(from, len).split(|byte| *byte == 0).next().unwrap_or_default()
    };
    if octal(field(148, 8)) != Some(checksum(block)) {
        return Err(PouchError::Entry("checksum"));
    }
    let name = text(0, 100);
    let shown = || shown(name);
    match field(156, 1) {
        b"0" => {}
        b"1" => return Err(PouchError::HardLink(shown())),
        b"2" => return Err(PouchError::Symlink(shown())),
        b"x" | b"g" | b"X" => return Err(PouchError::Pax),
        b"A" | b"D" | b"K" | b"L" | b"M" | b"N" | b"S" | b"V" => return Err(PouchError::Gnu),
        _ => return Err(PouchError::Entry("kind of entry")),
    }
    if !is_name(name) {
        return Err(if name.first() == Some(&b'/') {
            PouchError::NameAbsolute(shown())
        } else if name.split(|byte| *byte == b'/').any(|step| step == b"..") {
            PouchError::NameClimbs(shown())
        } else {
            PouchError::Name(shown())
        });
    }
    let base_256 = field(124, 1).first().is_some_and(|byte| byte & 0x80 != 0);
    if base_256 || field(257, 8) == b"ustar  \0" {
        return Err(PouchError::Gnu);
    }
    if field(257, 8) != b"ustar\x0000" {
        return Err(PouchError::Entry("magic number"));
    }
    let size = octal(field(124, 12)).ok_or(PouchError::Entry("size"))?;
    let name = String::from_utf8(name.to_vec()).map_err(|_| PouchError::Name(shown()))?;
    if size <= SIZE_LIMIT && header(&name, size).as_ref() != Some(block) {
        return Err(PouchError::Entry("header field"));
    }
    Ok(Entry { name, size })
}

/// Bytes of zeros that fill the last block of `size` bytes.
pub(super) const fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

/// `^[a-z0-9][a-z0-9._-]{0,98}$`
pub(super) fn is_name(name: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inner = |byte: &u8| plain(byte) || matches!(byte, b'.' | b'_' | b'-');
    name.len() <= 99 && name.first().is_some_and(plain) && name.iter().all(inner)
}

/// A hostile name as it may be printed: at most 100 bytes go in, none of them a control.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(name).escape_debug().collect()
}

/// The sum over the block with the checksum's own field taken as blanks.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let bytes = block.iter().enumerate();
    bytes.map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) }).sum()
}

/// Octal digits up to a NUL or a blank, after which only these may come.
fn octal(field: &[u8]) -> Option<u64> {
    let digits = field.iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (digits, rest) = field.split_at_checked(digits)?;
    if digits.is_empty() || !rest.iter().all(|byte| matches!(byte, 0 | b' ')) {
        return None;
    }
    Some(digits.iter().fold(0, |value, digit| value << 3 | u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_it_was_written_and_in_no_other_way() {
        let block = header("objects.jsonl", 1234).unwrap();
        let entry = Entry { name: "objects.jsonl".into(), size: 1234 };
        assert_eq!(parse(&block).unwrap(), entry);
        for at in 0..BLOCK {
            let mut other = block;
            other[at] ^= 1;
            assert_eq!(parse(&other).unwrap_err().code(), "bad-archive-entry", "byte {at}");
        }
    }

    #[test]
    fn a_header_with_its_checksum_mended_is_still_read_in_one_way_only() {
        let block = header("objects.jsonl", 1234).unwrap();
        for at in (100..124).chain(136..148).chain(157..512) {
            let mut other = block;
            other[at] ^= 1;
            let sum = format!("{:06o}\0 ", checksum(&other));
            other[148..156].copy_from_slice(sum.as_bytes());
            assert!(parse(&other).is_err(), "byte {at}");
        }
    }

    #[test]
    fn what_does_not_fit_a_header_is_not_written() {
        assert!(header(&"n".repeat(99), SIZE_LIMIT).is_some());
        assert!(header(&"n".repeat(100), 1).is_none());
        assert!(header("a", SIZE_LIMIT + 1).is_none());
        assert!(header("../a", 1).is_none());
    }
}
