//! What a pouch shows to who cannot open it.

use std::io::Cursor;

use comity_model::Digest;
use comity_pouch::pouch::{Outside, outside};
use comity_pouch::{Limits, PouchError, PouchWriter, SealIdentity};
use proptest::prelude::*;

fn pouch(part: usize) -> Vec<u8> {
    let recipient = SealIdentity::from_seed(&[7; 32]).unwrap().recipient();
    let mut out = Vec::new();
    let mut writer =
        PouchWriter::new(&mut out, &recipient, b"{}", b"", &Limits::default()).unwrap();
    writer.part("a.bin", part as u64, &mut Cursor::new(vec![1; part])).unwrap();
    writer.finish().unwrap();
    out
}

#[test]
fn a_pouch_shows_its_size_its_digest_and_its_one_recipient() {
    for part in [0, 1_000, 200_000] {
        let file = pouch(part);
        let seen = outside(file.as_slice()).unwrap();
        let expected = Outside {
            size: file.len() as u64,
            digest: Digest::of(&file),
            recipients: vec!["mlkem768x25519".to_owned()],
            whole: true,
        };
        assert_eq!(seen, expected);
        assert!(seen.is_pouch());
    }
}

#[test]
fn a_file_cut_in_its_header_is_cut_and_another_file_is_no_pouch() {
    let file = pouch(10);
    assert!(matches!(outside(&file[..100]), Err(PouchError::Truncated)));
    assert!(matches!(outside(&b""[..]), Err(PouchError::NotAPouch | PouchError::Truncated)));
    assert!(matches!(outside(&b"PK\x03\x04 something else"[..]), Err(PouchError::NotAPouch)));
    let endless = b"age-encryption.org/v1\n-> X25519 ".iter().copied().chain(vec![b'a'; 20_000]);
    let endless: Vec<u8> = endless.collect();
    assert!(matches!(outside(endless.as_slice()), Err(PouchError::NotAPouch)));
}

#[test]
fn a_file_cut_in_a_tag_is_not_whole() {
    let file = pouch(200_000);
    let header = file.windows(5).position(|it| it == b"\n--- ").unwrap();
    let header = header + 1 + file[header + 1..].iter().position(|it| *it == b'\n').unwrap() + 1;
    for (content, whole) in
        [(0, false), (16, false), (31, false), (32, true), (33, true), (16 + 65_552, true)]
    {
        assert_eq!(outside(&file[..header + content]).unwrap().whole, whole, "{content}");
    }
    assert!(!outside(&file[..header + 16 + 65_552 + 16]).unwrap().whole);
}

#[test]
fn recipients_for_exercise_are_not_counted_and_others_are() {
    let head = |tags: &[&str]| {
        let mut text = "age-encryption.org/v1\n".to_owned();
        for tag in tags {
            text.extend(["-> ", tag, " abc\n", &"A".repeat(64), "\nAA\n"]);
        }
        text + "--- AAAA\n" + &"x".repeat(40)
    };
    let seen = |tags: &[&str]| outside(head(tags).as_bytes()).unwrap();
    assert!(seen(&["mlkem768x25519", "q-grease"]).is_pouch());
    assert_eq!(seen(&["X25519", "mlkem768x25519"]).recipients, ["X25519", "mlkem768x25519"]);
    assert!(!seen(&["X25519", "mlkem768x25519"]).is_pouch());
    assert!(outside(head(&[]).as_bytes()).is_err());
    assert!(outside(head(&["a\u{1b}[2J"]).as_bytes()).is_err());
}

proptest! {
    #[test]
    fn whatever_a_file_is_it_is_told_or_refused(mut file in Just(pouch(100)), at in any::<usize>(), byte: u8, cut in any::<usize>()) {
        let at = at % file.len();
        file[at] = byte;
        file.truncate(cut % (file.len() + 1));
        if let Ok(seen) = outside(file.as_slice()) {
            prop_assert_eq!(seen.size, file.len() as u64);
            prop_assert_eq!(seen.digest, Digest::of(&file));
        }
    }
}
