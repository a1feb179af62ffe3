//! The courier between nodes: mutual TLS with pinned keys, resumable pouches, one outbox worker per partner.
