//! STIX 2.1 as exact bytes: heads, identifiers, timestamps, validation, streaming readers, lossless edits.
