//! Health, readiness and metrics of a node over HTTP.
