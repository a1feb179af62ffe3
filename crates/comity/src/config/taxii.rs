//! `[taxii]`: where units and tools of this party read and write collections.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Address;

/// Collections that a configuration may define.
const COLLECTIONS: usize = 1_000;

/// `[taxii]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TaxiiConfig {
    /// Where TAXII is served; `None`: nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<Address>,
    /// The certificate and its key; `None`: no TLS, and then only an address of this machine is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tls: Option<TlsFiles>,
    /// What the server is called (TAXII 2.1 section 4.1.1).
    pub(crate) title: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) contact: Option<String>,
    /// Objects on a page, at the most.
    pub(crate) page_objects: u32,
    /// MiB of a request's body, at the most.
    pub(crate) body_mib: usize,
    /// Connections at one time.
    pub(crate) connections: usize,
    /// Collections.
    #[serde(rename = "collection", skip_serializing_if = "Vec::is_empty")]
    pub(crate) collections: Vec<CollectionConfig>,
}

/// PEM files; relative names begin in the data folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsFiles {
    /// The certificate, and behind it its chain.
    pub(crate) certificate: PathBuf,
    /// The private key.
    pub(crate) key: PathBuf,
}

/// `[[taxii.collection]]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectionConfig {
    /// Its short name.
    pub(crate) alias: String,
    /// What it is called.
    pub(crate) title: String,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    /// Which holdings are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
    /// Whether clients may write into it.
    #[serde(default)]
    pub(crate) writable: bool,
}

impl Default for TaxiiConfig {
    fn default() -> Self {
        Self {
            listen: None,
            tls: None,
            title: "Comity".to_owned(),
            description: None,
            contact: None,
            page_objects: 1_000,
            body_mib: 16,
            connections: 1_024,
            collections: Vec::new(),
        }
    }
}

impl TaxiiConfig {
    /// Whether the values go together; an error says the line in `text`, from 1.
    pub(super) fn check(&self, text: &str) -> Result<(), (usize, String)> {
        let wrong = |name: &str, message: String| Err((line_of(text, name), message));
        let (page_objects, body_mib) = (self.page_objects as usize, self.body_mib);
        let numbers = [
            ("page_objects", page_objects, 10_000),
            ("body_mib", body_mib, 1_024),
            ("connections", self.connections, 65_536),
        ];
        for (name, number, most) in numbers {
            if !(1..=most).contains(&number) {
                return wrong(name, format!("`{name}` is a number from 1 to {most}"));
            }
        }
        let texts = [
            ("title", Some(&self.title), 200),
            ("description", self.description.as_ref(), 1_000),
            ("contact", self.contact.as_ref(), 200),
        ];
        for (name, value, most) in texts {
            let fits = |it: &String| {
                (1..=most).contains(&it.trim().chars().count()) && !it.chars().any(char::is_control)
            };
            if !value.is_none_or(fits) {
                return wrong(name, format!("`{name}` is one line of 1 to {most} characters"));
            }
        }
        if let (Some(listen), None) = (&self.listen, &self.tls)
            && !listen.is_loopback()
        {
            let message = format!(
                "`listen` is `{listen}`, which others reach, and `tls` is missing; name a certificate and its key with `tls`, or an \
                 address of this machine behind a proxy that has HTTPS (TAXII 2.1 section 8.2.2)"
            );
            return wrong("listen", message);
        }
        if self.collections.len() > COLLECTIONS {
            return wrong(
                "[[taxii.collection]]",
                format!("there are more than {COLLECTIONS} collections"),
            );
        }
        let mut seen = BTreeSet::new();
        for CollectionConfig { alias, .. } in &self.collections {
            if !seen.insert(alias) {
                let alias = alias.escape_debug();
                return wrong("alias", format!("the `alias` `{alias}` stands there twice"));
            }
        }
        Ok(())
    }
}

/// The line on which a setting stands below `[taxii]`; 1 where it does not.
fn line_of(text: &str, name: &str) -> usize {
    let below = text.lines().enumerate().skip_while(|(_, line)| line.trim() != "[taxii]");
    let mut set = below.filter(|(_, line)| line.trim_start().starts_with(name));
    set.next().map_or(1, |(at, _)| at + 1)
}
