//! Instants, and spans of them with open and closed ends.

/// An instant in attoseconds since 1970, and how many times less than anything it is moved: "before noon" is noon
/// and -1. So strict and other bounds are ordered with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tick(i128, i64);

/// From one instant to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) from: Tick,
    pub(super) until: Tick,
}

impl Tick {
    pub(super) const FIRST: Self = Self(i128::MIN, 0);
    pub(super) const LAST: Self = Self(i128::MAX, 0);

    pub(super) fn at(instant: i128) -> Self {
        Self(instant, 0)
    }

    /// As late as can be before it.
    pub(super) fn before(instant: i128) -> Self {
        Self(instant, -1)
    }

    /// So much later, but less than that.
    pub(super) fn less_than_after(self, width: i128) -> Self {
        Self(self.0.saturating_add(width), self.1.saturating_sub(1))
    }

    /// So much earlier, but less than that.
    pub(super) fn less_than_before(self, width: i128) -> Self {
        Self(self.0.saturating_sub(width), self.1.saturating_add(1))
    }
}

impl Span {
    pub(super) fn closed(from: i128, until: i128) -> Self {
        Self { from: Tick::at(from), until: Tick::at(until) }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.from <= other.until && other.from <= self.until
    }

    pub(super) fn is_empty(&self) -> bool {
        self.from > self.until
    }
}
