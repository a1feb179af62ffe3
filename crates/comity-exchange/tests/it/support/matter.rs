//! Statements of matters, from hostile hands.

use aws_lc_rs::hmac;
use comity_model::Digest;
use comity_model::matter::MatterBody;
use comity_model::statement::{Binding, PartEntry};
use comity_testkit::{Forge, Result};

use super::Wire;

impl Wire {
    /// An honest next statement of a matter, with a text where one is given.
    pub(crate) fn say(&mut self, body: impl Into<MatterBody>, text: Option<&str>) -> Result<Forge> {
        let body = body.into();
        let mut forge = self.forge(body.kind().as_str());
        forge.body = serde_json::from_str(body.to_raw()?.get())?;
        if let Some(text) = text {
            salted(&mut forge, text)?;
        }
        Ok(forge)
    }
}

/// Lets a text travel with a statement.
pub(crate) fn salted(forge: &mut Forge, text: &str) -> Result<()> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
    let tag = hmac::sign(&key, Digest::of(text.as_bytes()).as_bytes());
    let commitment = Digest::from_bytes(tag.as_ref().try_into()?);
    let mut bytes = vec![7; 32];
    bytes.extend_from_slice(text.as_bytes());
    forge.entries = vec![PartEntry {
        name: "text.salted".to_owned(),
        size: bytes.len() as u64,
        bound_by: Binding::Commitment(commitment),
    }];
    forge.parts = vec![("text.salted".to_owned(), bytes)];
    Ok(())
}
