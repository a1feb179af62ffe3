use super::*;

fn head() -> Checkpoint {
    Checkpoint::new("log.example/a", 258, [0xab; 32]).unwrap()
}

#[test]
fn an_ed25519_cosignature_covers_the_time_and_the_whole_text() {
    assert_eq!(
        ed25519("log.example/a\n0\nroot\nextension\n", 1_679_315_147),
        b"cosignature/v1\ntime 1679315147\nlog.example/a\n0\nroot\nextension\n"
    );
}

#[test]
fn an_ml_dsa_cosignature_covers_cosigner_time_origin_range_and_root() {
    let mut expected = b"subtree/v1\n\0".to_vec();
    expected.extend(b"\x06wit.ex\0\0\0\0\x64\x18\x50\xcb");
    expected.extend(b"\x0dlog.example/a");
    expected.extend([0; 8]);
    expected.extend([0, 0, 0, 0, 0, 0, 1, 2]);
    expected.extend([0xab; 32]);
    assert_eq!(ml_dsa_44("wit.ex", &head(), 0x6418_50cb).unwrap(), expected);
}

#[test]
fn a_name_that_its_length_byte_cannot_count_has_no_message() {
    assert!(ml_dsa_44(&"w".repeat(255), &head(), 1).is_some());
    assert!(ml_dsa_44(&"w".repeat(256), &head(), 1).is_none());
    assert!(ml_dsa_44("", &head(), 1).is_none());
    let long = Checkpoint::new(&"o".repeat(256), 0, crate::empty_root()).unwrap();
    assert!(ml_dsa_44("wit.ex", &long, 1).is_none());
}
