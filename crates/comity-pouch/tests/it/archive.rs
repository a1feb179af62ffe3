//! Archives that no honest partner seals: each refused with a code of its own.

use comity_model::Refusal;
use comity_pouch::pouch::{PROOF_NAME, STATEMENT_NAME};

use crate::support::{Entry, PROOF, STATEMENT, archive, opened, seal_raw};

/// The code under which an archive with these entries behind the two fixed ones is refused.
fn code(entries: &[Entry]) -> &'static str {
    code_of(&archive(entries))
}

fn code_of(archive: &[u8]) -> &'static str {
    let error = opened(&seal_raw(archive)).unwrap_err();
    let expected =
        if error.code() == "too-large" { Refusal::TooLarge } else { Refusal::BadArchive };
    assert_eq!(error.refusal(), Some(expected), "{error}");
    error.code()
}

fn file(name: &str) -> Entry {
    Entry::file(name, b"content")
}

#[test]
fn an_honest_archive_made_elsewhere_opens() {
    let pouch = seal_raw(&archive(&[file("objects.jsonl"), Entry::file("empty", b"")]));
    assert_eq!(opened(&pouch).unwrap().2.len(), 2);
}

#[test]
fn a_name_that_climbs_out_is_refused() {
    for name in ["../evil", "..", "a/../../evil", "a/.."] {
        assert_eq!(code(&[file(name)]), "archive-name-climbs", "{name}");
    }
}

#[test]
fn an_absolute_name_is_refused() {
    assert_eq!(code(&[file("/etc/passwd")]), "archive-name-absolute");
}

#[test]
fn a_name_outside_the_pattern_is_refused() {
    let long = "n".repeat(100);
    for name in ["", ".hidden", "a/b", "A", "a b", "-a", "a\\b", "con:", &long] {
        assert_eq!(code(&[file(name)]), "bad-archive-name", "{name}");
    }
    let bytes = Entry { name: vec![0xff, 0xfe, b'\n'], ..file("a") };
    assert_eq!(code(&[bytes]), "bad-archive-name");
}

#[test]
fn a_hostile_name_is_shown_without_its_controls() {
    let entry = Entry { name: b"a\x1b[2Jb\n".to_vec(), ..file("a") };
    let error = opened(&seal_raw(&archive(&[entry]))).unwrap_err().to_string();
    assert!(!error.contains(char::is_control), "{error:?}");
}

#[test]
fn links_are_refused() {
    let link = |kind| Entry { kind, link: b"/etc/passwd".to_vec(), ..Entry::file("a", b"") };
    assert_eq!(code(&[link(b'2')]), "archive-symlink");
    assert_eq!(code(&[link(b'1')]), "archive-hard-link");
}

#[test]
fn pax_and_gnu_extensions_are_refused() {
    for kind in [b'x', b'g', b'X'] {
        let entry = Entry { kind, ..Entry::file("PaxHeaders/a", b"20 path=../evil\n") };
        assert_eq!(code(&[entry]), "archive-pax");
    }
    for kind in [b'L', b'K', b'S', b'D', b'M', b'N', b'V'] {
        let entry = Entry { kind, ..Entry::file("././@LongLink", b"../evil") };
        assert_eq!(code(&[entry]), "archive-gnu");
    }
    assert_eq!(code(&[Entry { magic: *b"ustar  \0", ..file("a") }]), "archive-gnu");
}

#[test]
fn folders_and_devices_are_refused() {
    for kind in [b'3', b'4', b'5', b'6', b'7', b'\0', b'Z'] {
        assert_eq!(code(&[Entry { kind, ..Entry::file("a", b"") }]), "bad-archive-entry");
    }
}

#[test]
fn a_field_that_is_not_the_fixed_one_is_refused() {
    for entry in [
        Entry { mode: *b"0000777\0", ..file("a") },
        Entry { prefix: b"dir".to_vec(), ..file("a") },
        Entry { link: b"a".to_vec(), ..file("a") },
        Entry { magic: *b"ustar\x0099", ..file("a") },
        Entry { magic: [0; 8], ..file("a") },
        Entry { size: b"       0007 ".to_vec(), ..file("a") },
        Entry { size: b"7\0\0\0\0\0\0\0\0\0\0\0".to_vec(), ..file("a") },
        Entry { size: b"0000000000x\0".to_vec(), ..file("a") },
    ] {
        assert_eq!(code(&[entry]), "bad-archive-entry");
    }
}

#[test]
fn ten_gigabytes_announced_in_a_kilobyte_are_refused() {
    let announce = |size: &[u8]| Entry { size: size.to_vec(), ..Entry::file("a", &[7; 1024]) };
    // 10^10 needs twelve octal digits, so no room is left for the closing NUL.
    assert_eq!(code(&[announce(b"112402762000")]), "too-large");
    // The same in the base-256 form of GNU tar.
    assert_eq!(code(&[announce(b"\x80\0\0\0\0\0\0\x02\x54\x0b\xe4\0")]), "archive-gnu");
    // 4 GiB are within the limit of a part, but not there.
    assert_eq!(code(&[announce(b"40000000000\0")]), "over-announced");
    assert_eq!(code(&[announce(b"40000000001\0")]), "too-large");
}

#[test]
fn a_statement_that_announces_gigabytes_takes_no_memory() {
    let size = b"00004000000\0".to_vec();
    let bytes = Entry { size, ..Entry::file(STATEMENT_NAME, STATEMENT) }.bytes();
    assert_eq!(code_of(&bytes), "over-announced");
    let size = b"00004000001\0".to_vec();
    let bytes = Entry { size, ..Entry::file(STATEMENT_NAME, STATEMENT) }.bytes();
    assert_eq!(code_of(&bytes), "too-large");
}

#[test]
fn entries_out_of_order_are_refused() {
    let statement = Entry::file(STATEMENT_NAME, STATEMENT);
    let proof = Entry::file(PROOF_NAME, PROOF);
    let join = |entries: &[&Entry]| {
        let mut bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.bytes()).collect();
        bytes.extend([0; 1024]);
        bytes
    };
    let part = file("a");
    for order in
        [[&proof, &statement, &part], [&part, &statement, &proof], [&statement, &part, &proof]]
    {
        assert_eq!(code_of(&join(&order)), "out-of-order");
    }
    assert_eq!(code_of(&join(&[&statement])), "archive-no-end");
    assert_eq!(code(&[statement]), "out-of-order");
    assert_eq!(code(&[proof]), "out-of-order");
}

#[test]
fn two_parts_of_one_name_are_refused() {
    assert_eq!(code(&[file("a"), file("b"), file("a")]), "repeated-entry");
}

#[test]
fn an_archive_without_its_end_is_refused() {
    let whole = archive(&[file("a")]);
    for cut in [512, 1024] {
        assert_eq!(code_of(&whole[..whole.len() - cut]), "archive-no-end");
    }
    let mut half = whole;
    let end = half.len() - 512;
    half[end] = 1;
    assert_eq!(code_of(&half), "bad-archive-entry");
}

#[test]
fn anything_behind_the_end_is_refused() {
    let mut bytes = archive(&[file("a")]);
    bytes.push(0);
    assert_eq!(code_of(&bytes), "trailing-data");
    bytes.extend([0; 10_239]);
    assert_eq!(code_of(&bytes), "trailing-data");
    let mut bytes = archive(&[]);
    bytes.extend(file("hidden").bytes());
    assert_eq!(code_of(&bytes), "trailing-data");
}

#[test]
fn what_fills_a_block_is_zeros_or_refused() {
    let mut bytes = archive(&[file("a")]);
    let at = bytes.len() - 1024 - 1;
    bytes[at] = 1;
    assert_eq!(code_of(&bytes), "bad-archive-entry");
}
