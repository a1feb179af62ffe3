//! The names of tiles (C2SP tlog-tiles, Merkle Tree and Log entries).

use std::fmt;
use std::str::FromStr;

use super::{MAX_TILE_LEVEL, TILE_HEIGHT, TILE_WIDTH};
use crate::MAX_TREE_SIZE;

/// The longest path: seven groups for an index of 21 digits, and a width.
const MAX_PATH: usize = 64;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TileKind {
    /// Hashes of this level of tiles, 0 to [`MAX_TILE_LEVEL`]; level 0 is leaf hashes.
    Hashes(u8),
    /// The data of leaves.
    Entries,
}

impl TileKind {
    /// How many leaves one element covers, as a power of two.
    const fn shift(self) -> u32 {
        match self {
            Self::Hashes(level) => TILE_HEIGHT * level as u32,
            Self::Entries => 0,
        }
    }
}

/// One file of a tiled log: 1 to 256 hashes or entries. It always is one that a tree of at most
/// [`MAX_TREE_SIZE`] leaves can have.
///
/// It prints as its path, and only that text reads as it (C2SP tlog-tiles):
/// `tile/<level or "entries">/<index in groups of three>[.p/<width>]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u64,
}

/// Why a text is not the path of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TilePathError {
    /// Another form, or numbers that are not written as the standard writes them.
    #[error("not the path of a tile; write `tile/0/x001/234` or `tile/entries/000.p/7`")]
    Shape,
    /// No tree has it.
    #[error(
        "no log has a tile at this level, index and width; ask for one below the checkpoint's size"
    )]
    Beyond,
}

impl TilePathError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Shape => "tile-path-shape",
            Self::Beyond => "tile-beyond",
        }
    }
}

impl Tile {
    /// The tile at `index` of its kind with `width` elements, 1 to 256; `None` when no tree has it.
    pub fn new(kind: TileKind, index: u64, width: u64) -> Option<Self> {
        let level_exists = match kind {
            TileKind::Hashes(level) => level <= MAX_TILE_LEVEL,
            TileKind::Entries => true,
        };
        if !level_exists || !(1..=TILE_WIDTH).contains(&width) {
            return None;
        }
        // How many elements the row has at least, and how many it can have.
        let row = index.checked_mul(TILE_WIDTH)?.checked_add(width)?;
        (row <= MAX_TREE_SIZE >> kind.shift()).then_some(Self { kind, index, width })
    }

    /// The tile of its kind and index in the tree of `size` leaves, at the width that it has there; `None` when that tree
    /// has none.
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Self> {
        if matches!(kind, TileKind::Hashes(level) if level > MAX_TILE_LEVEL) {
            return None;
        }
        let row = size >> kind.shift();
        let width = row.saturating_sub(index.checked_mul(TILE_WIDTH)?).min(TILE_WIDTH);
        Self::new(kind, index, width)
    }

    /// What it holds.
    pub const fn kind(&self) -> TileKind {
        self.kind
    }

    /// Its position among those of its kind, from 0.
    pub const fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds, 1 to 256.
    pub const fn width(&self) -> u64 {
        self.width
    }

    /// Whether it will never change.
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }

    /// The full tile that takes its place in a larger tree; `None` when no tree is that large.
    pub fn full(&self) -> Option<Self> {
        Self::new(self.kind, self.index, TILE_WIDTH)
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let groups = [15, 12, 9, 6, 3].map(|power| 10_u64.pow(power));
        for group in groups.into_iter().filter(|group| self.index >= *group) {
            write!(f, "x{:03}/", self.index / group % 1_000)?;
        }
        write!(f, "{:03}", self.index % 1_000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for Tile {
    type Err = TilePathError;

    fn from_str(text: &str) -> Result<Self, TilePathError> {
        if text.len() > MAX_PATH {
            return Err(TilePathError::Shape);
        }
        let rest = text.strip_prefix("tile/").ok_or(TilePathError::Shape)?;
        let (kind, rest) = rest.split_once('/').ok_or(TilePathError::Shape)?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(number(level, 2, 63).ok_or(TilePathError::Shape)?),
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, TILE_WIDTH),
            Some((index, width)) => {
                let width = number(width, 3, 255).filter(|width| *width > 0);
                (index, width.map(u64::from).ok_or(TilePathError::Shape)?)
            }
        };
        let index = index_of(index)?;
        let tile = Self::new(kind, index, width).ok_or(TilePathError::Beyond)?;
        // One tile has one path: leading groups of zeroes and the like are other texts.
        if tile.to_string() == text { Ok(tile) } else { Err(TilePathError::Shape) }
    }
}

/// An ASCII decimal of up to `digits` digits and up to `most`.
fn number(text: &str, digits: usize, most: u8) -> Option<u8> {
    let plain = (1..=digits).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|number| plain && *number <= most)
}

/// The index in groups of three digits, all but the last with an `x` before it.
fn index_of(text: &str) -> Result<u64, TilePathError> {
    let (leading, last) = text.rsplit_once('/').map_or((None, text), |(a, b)| (Some(a), b));
    let leading = leading.into_iter().flat_map(|groups| groups.split('/'));
    let groups = leading.map(|group| group.strip_prefix('x')).chain([Some(last)]);
    let mut index = 0_u64;
    for group in groups {
        let digits = group.ok_or(TilePathError::Shape)?;
        if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(TilePathError::Shape);
        }
        let value = digits.parse::<u64>().map_err(|_| TilePathError::Shape)?;
        let next = index.checked_mul(1_000).and_then(|index| index.checked_add(value));
        index = next.ok_or(TilePathError::Beyond)?;
    }
    Ok(index)
}
