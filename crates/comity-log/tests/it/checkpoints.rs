//! Checkpoints as text.

use comity_log::checkpoint::{Checkpoint, CheckpointError};
use comity_log::{MAX_TREE_SIZE, empty_root};
use proptest::prelude::*;

use crate::support::hash;

/// The example of C2SP tlog-checkpoint.
const EXAMPLE: &str =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

#[test]
fn the_standards_example_is_read_and_printed_unchanged() {
    let checkpoint = Checkpoint::parse(EXAMPLE).unwrap();
    assert_eq!(checkpoint.origin(), "example.com/behind-the-sofa");
    assert_eq!(checkpoint.size(), 20_852_163);
    assert_eq!(*checkpoint.root(), hash("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="));
    assert_eq!(checkpoint.to_string(), EXAMPLE);
}

#[test]
fn extension_lines_are_kept() {
    let text = format!("{EXAMPLE}one\nanother line\n");
    let checkpoint = Checkpoint::parse(&text).unwrap();
    assert_eq!(checkpoint.extensions(), ["one", "another line"]);
    assert_eq!(checkpoint.to_string(), text);
}

#[test]
fn each_departure_from_the_format_is_refused_by_name() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let cases = [
        (String::new(), CheckpointError::Shape),
        (EXAMPLE.trim_end().to_owned(), CheckpointError::Shape),
        ("log\n1\n".to_owned(), CheckpointError::Shape),
        (format!("{EXAMPLE}{}\n", "x".repeat(64 * 1024)), CheckpointError::Shape),
        (format!("\n1\n{root}\n"), CheckpointError::Origin),
        (format!("lo\tg\n1\n{root}\n"), CheckpointError::Origin),
        (format!("log\n\n{root}\n"), CheckpointError::Size),
        (format!("log\n01\n{root}\n"), CheckpointError::Size),
        (format!("log\n+1\n{root}\n"), CheckpointError::Size),
        (format!("log\n-1\n{root}\n"), CheckpointError::Size),
        (format!("log\n1 \n{root}\n"), CheckpointError::Size),
        (format!("log\n9223372036854775808\n{root}\n"), CheckpointError::Size),
        (format!("log\n1\n{}\n", root.trim_end_matches('=')), CheckpointError::Root),
        // The same 32 bytes with a bit set that no byte takes.
        (format!("log\n1\n{}J=\n", root.trim_end_matches("I=")), CheckpointError::Root),
        (format!("log\n1\n{root}\r\n"), CheckpointError::Root),
        ("log\n1\nAAAA\n".to_owned(), CheckpointError::Root),
        (format!("log\n0\n{root}\n"), CheckpointError::EmptyTreeRoot),
        (format!("{EXAMPLE}\n"), CheckpointError::Extension),
        (format!("{EXAMPLE}a\n\nb\n"), CheckpointError::Extension),
    ];
    for (text, error) in cases {
        assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
    }
}

#[test]
fn what_could_not_be_read_back_cannot_be_made() {
    assert_eq!(Checkpoint::new("", 1, [0; 32]), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::new("a\nb", 1, [0; 32]), Err(CheckpointError::Origin));
    assert_eq!(Checkpoint::new("a", MAX_TREE_SIZE + 1, [0; 32]), Err(CheckpointError::Size));
    assert_eq!(Checkpoint::new("a", 0, [0; 32]), Err(CheckpointError::EmptyTreeRoot));
    assert!(Checkpoint::new("a", 0, empty_root()).is_ok());
}

proptest! {
    #[test]
    fn what_is_made_is_read_back(origin in "[^\\x00-\\x1f]{1,40}", size in 1..=MAX_TREE_SIZE, root: [u8; 32]) {
        let checkpoint = Checkpoint::new(&origin, size, root).unwrap();
        prop_assert_eq!(Checkpoint::parse(&checkpoint.to_string()), Ok(checkpoint));
    }

    #[test]
    fn any_text_is_a_checkpoint_that_prints_the_same_or_none(
        text in "\\PC*", lines in prop::collection::vec("([0-9]{1,20}|[a-zA-Z/+]{43}=|[ -~\\n]{0,9})", 0..6),
    ) {
        for text in [text, format!("{}\n", lines.join("\n"))] {
            if let Ok(checkpoint) = Checkpoint::parse(&text) {
                prop_assert_eq!(checkpoint.to_string(), text);
            }
        }
    }
}
