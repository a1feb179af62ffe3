//! The forms of single strings. Each function says whether a text has the form that the standard, or the document it
//! points to, gives; none allocates.

pub(super) mod address;
pub(crate) mod hash;
pub(crate) mod lang;
pub(super) mod media;
pub(crate) mod names;
pub(super) mod software;
pub(super) mod url;
