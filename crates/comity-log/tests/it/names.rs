//! The names of channels and witnesses.

use comity_log::{NameError, channel_origin, witness_name};

const AGREEMENT: &str = "5d0b7a4e-3c1f-4a52-9d86-0e2b1f7c9a34";

fn root(first: u8) -> [u8; 32] {
    let mut bytes = first..;
    [(); 32].map(|()| bytes.next().unwrap())
}

#[test]
fn a_channel_is_named_by_agreement_epoch_and_both_parties() {
    assert_eq!(
        channel_origin(AGREEMENT, 12, &root(0), &root(0xa0)).unwrap(),
        "comity/5d0b7a4e-3c1f-4a52-9d86-0e2b1f7c9a34/12/\
         000102030405060708090a0b0c0d0e0f/a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
    );
    assert_eq!(witness_name(&root(0)), "comity/witness/000102030405060708090a0b0c0d0e0f");
}

#[test]
fn the_longest_channel_name_can_be_cosigned() {
    let origin = channel_origin(AGREEMENT, u32::MAX, &root(0), &root(1)).unwrap();
    assert!(origin.len() <= comity_log::note::MAX_KEY_NAME);
}

#[test]
fn what_is_no_uuid_names_no_channel() {
    for wrong in [
        "",
        "agreement--5d0b7a4e-3c1f-4a52-9d86-0e2b1f7c9a34",
        "5D0B7A4E-3C1F-4A52-9D86-0E2B1F7C9A34",
        "5d0b7a4e-3c1f-4a52-9d86-0e2b1f7c9a3/",
        "5d0b7a4e03c1f04a5209d8600e2b1f7c9a34",
    ] {
        let refused = channel_origin(wrong, 1, &root(0), &root(1)).unwrap_err();
        assert_eq!(refused, NameError::Agreement(wrong.to_owned()));
    }
    assert_eq!(channel_origin(AGREEMENT, 0, &root(0), &root(1)), Err(NameError::Epoch));
}
