//! The resources, one file each.

pub(crate) mod healthz;
pub(crate) mod metrics;
pub(crate) mod readyz;
