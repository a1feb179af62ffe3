//! What agreements promise, tested through the public interface alone.

mod parse;
mod parse_errors;
mod support;
