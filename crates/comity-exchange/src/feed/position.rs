//! How far a collection was taken in, page by page (TAXII 2.1 section 3.5).

use jiff::{SignedDuration, Timestamp};

use crate::ports::{FeedCode, FeedFault, FeedPosition, Next, PageEnd};

/// How far a server's clock may be ahead of this node's.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// What TAXII tells apart in time.
const TICK: SignedDuration = SignedDuration::from_micros(1);

impl FeedPosition {
    /// The position behind a page that was taken in, and whether there is more.
    pub(super) fn behind(&self, end: &PageEnd, now: Timestamp) -> Result<(Self, bool), FeedFault> {
        if let Some(last) = end.last
            && now.checked_add(AHEAD).is_ok_and(|latest| last > latest)
        {
            return Err(FeedFault::of(FeedCode::Position, last));
        }
        let reached = self.reached.max(end.last);
        match &end.next {
            Next::End => {
                let added_after = self.added_after.max(reached);
                Ok((Self { added_after, ..Self::default() }, false))
            }
            Next::Token(next) => {
                let next = Some(next.clone());
                Ok((Self { added_after: self.added_after, next, reached }, true))
            }
            Next::After if end.last > self.added_after => {
                Ok((Self { added_after: end.last, ..Self::default() }, true))
            }
            Next::After => Err(FeedFault::new(FeedCode::Position)),
        }
    }

    /// Where to begin when it is not sure where the pages went on: with the last object that came, and those beside it.
    pub(super) fn anew(&self) -> Self {
        let before = self.reached.and_then(|it| it.checked_sub(TICK).ok());
        Self { added_after: self.added_after.max(before), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const NOW: &str = "2026-03-01T10:00:00Z";

    fn end(last: Option<&str>, next: Next) -> PageEnd {
        PageEnd { last: last.map(at), next }
    }

    #[test]
    fn the_position_moves_only_when_the_pages_are_at_their_end() {
        let begin = FeedPosition::default();
        let first = end(Some("2026-02-01T00:00:00.000002Z"), Next::Token("2".to_owned()));
        let (middle, more) = begin.behind(&first, at(NOW)).unwrap();
        assert!(more && middle.added_after.is_none());
        assert_eq!(middle.next.as_deref(), Some("2"));
        let (over, more) = middle.behind(&end(None, Next::End), at(NOW)).unwrap();
        assert!(!more);
        assert_eq!(over.added_after, Some(at("2026-02-01T00:00:00.000002Z")));
        assert_eq!((over.next, over.reached), (None, None));
    }

    #[test]
    fn a_server_that_forgot_its_pages_is_asked_again_from_the_last_object_on() {
        let (middle, _) = FeedPosition::default()
            .behind(&end(Some("2026-02-01T00:00:00.000002Z"), Next::Token("2".to_owned())), at(NOW))
            .unwrap();
        assert_eq!(middle.anew().added_after, Some(at("2026-02-01T00:00:00.000001Z")));
    }

    #[test]
    fn a_time_to_come_and_a_time_that_stands_still_are_no_position() {
        let begin = FeedPosition {
            added_after: Some(at("2026-02-01T00:00:00Z")),
            ..FeedPosition::default()
        };
        for wrong in [
            end(Some("9999-01-01T00:00:00Z"), Next::End),
            end(Some("2026-02-01T00:00:00Z"), Next::After),
            end(None, Next::After),
        ] {
            assert_eq!(begin.behind(&wrong, at(NOW)).unwrap_err().code, FeedCode::Position);
        }
        // a server that says nothing, or an earlier time, moves nothing back
        let (same, _) =
            begin.behind(&end(Some("2020-01-01T00:00:00Z"), Next::End), at(NOW)).unwrap();
        assert_eq!(same, begin);
    }
}
