//! The text of an agreement, signed or a draft: both are read by the same function.

use comity_model::{Digest, Lang};
use comity_policy::{Agreement, Engine, diff, explain};

/// An agreement that is read is of exactly its text, can be told in both languages, differs in nothing from itself and
/// judges; an error names a line that there is, and can be told in both languages.
pub(crate) fn agreement(data: &[u8]) -> bool {
    let text = String::from_utf8_lossy(data);
    match Agreement::parse(&text) {
        Ok(agreement) => {
            assert!(*agreement.text == *text && agreement.digest == Digest::of(text.as_bytes()));
            for lang in [Lang::En, Lang::Es] {
                assert!(!explain(&agreement, lang).is_empty());
                assert!(agreement.warnings().iter().all(|it| !it.text(lang).is_empty()));
            }
            assert!(diff(&agreement, &agreement).is_empty());
            assert!(agreement.clauses.iter().all(|it| agreement.clause(&it.id).is_some()));
            let engine = Engine::compile(&agreement).expect("what is read compiles");
            assert!(engine.policies().count() >= agreement.clauses.len());
            true
        }
        Err(errors) => {
            assert!(!errors.is_empty(), "refused without a reason");
            let lines = text.matches('\n').count() + 1;
            for error in &errors {
                let line = usize::try_from(error.line).expect("32 bits");
                assert!((1..=lines).contains(&line), "line {line} of {lines}");
                assert!(!error.code().is_empty() && !error.message.as_str().is_empty());
            }
            false
        }
    }
}
