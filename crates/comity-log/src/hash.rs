//! The three hashes of RFC 6962 section 2.1 and the leaf of docs/protocol.md section 2.

use aws_lc_rs::digest;

/// A SHA-256 hash of a leaf, a node or a root: 32 bytes.
pub type Hash = [u8; 32];

/// Set before a leaf's bytes, so that no leaf can pass for a node (RFC 6962 section 2.1).
const LEAF_PREFIX: &[u8] = &[0];
/// Set before a node's two hashes (RFC 6962 section 2.1).
const NODE_PREFIX: &[u8] = &[1];
/// Set before a statement's digest (docs/protocol.md section 2).
const STATEMENT_PREFIX: &[u8] = b"comity/leaf/v1\n";

/// The hash of a leaf that holds `data` (RFC 6962 section 2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[LEAF_PREFIX, data])
}

/// The hash of the node over `left` and `right` (RFC 6962 section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[NODE_PREFIX, left, right])
}

/// The root of a tree without leaves: the hash of nothing (RFC 6962 section 2.1).
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The leaf hash of the statement whose payload has this SHA-256 `digest`
/// (docs/protocol.md section 2).
pub fn statement_leaf(digest: &[u8; 32]) -> Hash {
    sha256(&[LEAF_PREFIX, STATEMENT_PREFIX, digest])
}

/// The data of the leaf of the statement whose payload has this SHA-256 `digest`: what
/// [`statement_leaf`] hashes, and what a bundle of entries holds (docs/protocol.md section 3.4).
pub fn statement_entry(digest: &[u8; 32]) -> Vec<u8> {
    [STATEMENT_PREFIX, digest].concat()
}

/// SHA-256 over the pieces, one after the other.
pub(crate) fn sha256(pieces: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    for piece in pieces {
        context.update(piece);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}
