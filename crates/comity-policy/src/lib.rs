//! Agreements and clauses, and what they decide about an object.
