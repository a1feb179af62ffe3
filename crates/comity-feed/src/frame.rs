//! What a page says beside its objects, picked out while it passes: the page itself is never gathered.

use comity_exchange::ports::{FeedCode, FeedFault};
use serde::Deserialize;

/// What an envelope says of the pages after it (TAXII 2.1 section 3.7).
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct More {
    /// Whether there is more.
    #[serde(default)]
    pub(crate) more: bool,
    /// Where it goes on.
    #[serde(default)]
    pub(crate) next: Option<String>,
}

/// Keeps of a JSON object what stands in it directly, its lists and objects left empty.
#[derive(Debug)]
pub(crate) struct Frame {
    kept: Vec<u8>,
    depth: u64,
    in_string: bool,
    escaped: bool,
    most: usize,
}

impl Frame {
    /// Keeps `most` bytes and no more.
    pub(crate) fn new(most: u64) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self { kept: Vec::new(), depth: 0, in_string: false, escaped: false, most }
    }

    /// Takes note of a piece. `feed-too-large` if there is too much to keep.
    pub(crate) fn pass(&mut self, piece: &[u8]) -> Result<(), FeedFault> {
        for byte in piece {
            let inside = self.depth > 1;
            let is_kept = if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                !inside
            } else {
                match byte {
                    b'"' => self.in_string = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                // of what is inside its brackets alone
                !inside || self.depth <= 1
            };
            if is_kept {
                if self.kept.len() >= self.most {
                    return Err(FeedFault::new(FeedCode::TooLarge));
                }
                self.kept.push(*byte);
            }
        }
        Ok(())
    }

    /// What the envelope says. `feed-unreadable` where it says it in another form, or twice.
    pub(crate) fn read(&self) -> Result<More, FeedFault> {
        if self.kept.trim_ascii_start().first() != Some(&b'{') {
            return Err(FeedFault::new(FeedCode::Unreadable));
        }
        serde_json::from_slice(&self.kept)
            .map_err(|error| FeedFault::of(FeedCode::Unreadable, error))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(pieces: &[&[u8]]) -> Result<More, FeedFault> {
        let mut frame = Frame::new(1_000);
        for piece in pieces {
            frame.pass(piece)?;
        }
        frame.read()
    }

    #[test]
    fn what_stands_in_an_object_is_not_taken_for_what_the_envelope_says() {
        let page = br#"{"objects":[{"more":true,"next":"a\"}]","x":{"next":[1]}}],"more":true,"next":"7"}"#;
        let said = More { more: true, next: Some("7".to_owned()) };
        assert_eq!(read(&[page]), Ok(said));
        assert_eq!(read(&[br#"{"objects":[{"more":true,"next":"a"}]}"#]), Ok(More::default()));
        assert_eq!(read(&[b"{}"]), Ok(More::default()));
        for wrong in [
            &br#"{"more":true,"more":false}"#[..],
            br#"{"more":"yes"}"#,
            br#"{"more":true,"next":7}"#,
            br#"{"more":true,"next":{"a":1}}"#,
            br#"{"more":true"#,
            b"",
            b"[]",
        ] {
            let fault = read(&[wrong]).unwrap_err();
            assert_eq!(fault.code, FeedCode::Unreadable, "{}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn what_is_kept_is_bounded_whatever_passes() {
        let mut frame = Frame::new(100);
        for _ in 0..10 {
            frame.pass(br#"{"objects":[{"a":"#).unwrap();
            frame.pass(&[b'['; 10_000]).unwrap();
        }
        assert!(frame.kept.len() < 100);
        let fault = Frame::new(100).pass(&[b' '; 101]).unwrap_err();
        assert_eq!(fault.code, FeedCode::TooLarge);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i64>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            "[\\PC\"\\\\{}\\[\\]]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z\"\\\\]{0,4}", inner, 0..4)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_same_is_read_whatever_the_objects_and_wherever_the_pieces_end(
            objects in prop::collection::vec(value(), 0..4),
            more: bool,
            next in prop::option::of("[\\PC\"\\\\{}\\[\\]]{0,6}"),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
        ) {
            let page = json!({ "objects": objects, "more": more, "next": next }).to_string();
            let page = page.as_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|it| it.index(page.len())).collect();
            cuts.extend([0, page.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|it| &page[it[0]..it[1]]).collect();
            prop_assert_eq!(read(&pieces), Ok(More { more, next }));
        }
    }
}
