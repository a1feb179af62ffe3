//! A statement in a file: what it is and who signed it.

use comity_model::Digest;
use comity_model::statement::{Kind, Payload};
use comity_pouch::dsse::{self, Envelope};
use serde_json::Value;

use super::super::file::Signed;
use super::super::flaw::{Field, Flaw};
use super::super::keys::{Holder, TakenBack, Unsigned};

/// Characters of the longest value of a body that is shown.
const SHOWN: usize = 200;

/// A statement that was read.
pub(in super::super) struct Statement {
    pub(in super::super) envelope: Envelope,
    pub(in super::super) payload: Payload,
    pub(in super::super) digest: Digest,
}

/// Reads a statement. Nothing is verified.
pub(super) fn read(signed: &Signed, field: Field) -> Result<Statement, Flaw> {
    let envelope =
        signed.envelope(dsse::STATEMENT).map_err(|error| Flaw::new(field, error.code(), error))?;
    let payload = Payload::parse(envelope.unverified_payload())
        .map_err(|error| Flaw::new(field, error.code(), error))?;
    let digest = Digest::of(envelope.unverified_payload());
    Ok(Statement { envelope, payload, digest })
}

impl Statement {
    /// Checks that both halves of a statement key of `from` signed, which was valid when it was sealed. Gives its kind, and
    /// whether the key was taken back.
    pub(in super::super) fn must_be_signed(
        &self,
        from: &Holder,
        field: Field,
    ) -> Result<(Kind, TakenBack), Flaw> {
        let payload = &self.payload;
        if payload.from != from.root {
            let message = format!("it is of the party `{}`, not of `{}`", payload.from, from.root);
            return Err(Flaw::new(field, "another-party", message));
        }
        let took_back =
            from.signed(&self.envelope, payload.issued_at).map_err(|why| match why {
                Unsigned::Expired => {
                    let message =
                        "no descriptor has a statement key that was valid when it was sealed";
                    Flaw::new(field, "key-expired", message)
                }
                Unsigned::Signature(error) => Flaw::new(field, error.code(), error),
            })?;
        let kind = payload.known_kind().ok_or_else(|| {
            let message = format!("the kind `{}` is not one of this version", payload.kind);
            Flaw::new(field, "unknown-kind", message)
        })?;
        Ok((kind, took_back))
    }

    /// The members of the body that are numbers, words or lists of words. A body has no free text about content.
    pub(super) fn says(&self) -> Vec<(String, String)> {
        let Ok(Value::Object(members)) = serde_json::from_str(self.payload.body.get()) else {
            return Vec::new();
        };
        let mut says = Vec::new();
        for (name, value) in members {
            collect(&name, &value, &mut says);
        }
        says
    }
}

/// Takes plain values; of an object one level of them.
fn collect(name: &str, value: &Value, says: &mut Vec<(String, String)>) {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(is) => is.to_string(),
        Value::Array(items) => {
            let words: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            match words {
                Some(words) if !words.is_empty() => words.join(", "),
                _ => return,
            }
        }
        Value::Object(members) => {
            for (inner, value) in members.iter().filter(|(_, it)| !it.is_object()) {
                collect(&format!("{name}.{inner}"), value, says);
            }
            return;
        }
        Value::Null => return,
    };
    if text.chars().count() <= SHOWN {
        says.push((name.to_owned(), text));
    }
}
