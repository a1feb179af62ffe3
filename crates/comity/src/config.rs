//! The configuration of a node: `comity.toml` in its data folder.

use std::fmt;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use comity_exchange::access::Rules;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::Data;
use crate::error::CliError;
use crate::lang::Lang;
use crate::syslog::Target;

mod taxii;

pub(crate) use taxii::{CollectionConfig, TaxiiConfig, TlsFiles};

/// Bytes of the longest configuration.
const LIMIT: u64 = 64 * 1024;

/// Everything that can be set. What a file leaves out has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The node itself.
    pub(crate) node: NodeConfig,
    /// The listener for partners.
    pub(crate) link: LinkConfig,
    /// The listener for health and metrics.
    pub(crate) api: ApiConfig,
    /// TAXII, for this party's own units and tools.
    pub(crate) taxii: TaxiiConfig,
    /// The data folder.
    pub(crate) storage: StorageConfig,
    /// Sending, and answering.
    pub(crate) outbox: OutboxConfig,
    /// Reports on contacts and exchanges.
    pub(crate) contact: ContactConfig,
    /// The journal.
    pub(crate) journal: JournalConfig,
    /// Who may look at what, and what is kept of it.
    pub(crate) access: AccessConfig,
    /// The log of `comity serve`.
    pub(crate) log: LogConfig,
}

/// `[node]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct NodeConfig {
    /// The language of the command line.
    pub(crate) language: Lang,
}

/// `[link]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LinkConfig {
    /// Where partners' nodes are heard.
    pub(crate) listen: Address,
}

/// `[api]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ApiConfig {
    /// Where health, readiness and metrics are served.
    pub(crate) listen: Address,
}

/// `[storage]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct StorageConfig {
    /// MiB that must be free on the disk for the node to be ready.
    pub(crate) least_free_mib: u64,
    /// Where the file of what was signed last lies, beginning at the data folder; `None`: in it. On another disk it is not put
    /// back with a snapshot of the folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_checkpoints: Option<PathBuf>,
}

/// `[outbox]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OutboxConfig {
    /// Milliseconds between two looks for something to send.
    pub(crate) poll_ms: u64,
    /// Milliseconds of the shortest pause after a partner could not be reached.
    pub(crate) least_pause_ms: u64,
    /// Seconds of the longest one.
    pub(crate) most_pause_s: u64,
    /// Seconds after which a checkpoint statement cosigns what no receipt did (docs/protocol.md section 4).
    pub(crate) checkpoint_after_s: u64,
}

/// `[contact]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ContactConfig {
    /// The templates whose clocks run here; `None`: the one with the node's handle for its name, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) templates: Option<Vec<String>>,
}

/// `[journal]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct JournalConfig {
    /// The syslog to which its lines go too, without names and details: `udp://127.0.0.1:514`, `tcp://127.0.0.1:601` or
    /// `unix:/dev/log`; `None`: nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) syslog: Option<Target>,
}

/// `[access]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AccessConfig {
    /// Whether whoever looks at something has to say what for.
    pub(crate) purpose: Purpose,
    /// What may be said; empty: anything.
    pub(crate) purposes: Vec<String>,
    /// Days after which the words of searches and the purposes are erased. The journal's lines stay.
    pub(crate) keep_words_days: u32,
}

impl AccessConfig {
    /// What the node asks of everybody who looks.
    pub(crate) fn rules(&self) -> Rules {
        Rules {
            purpose_required: self.purpose == Purpose::Required,
            purposes: self.purposes.clone(),
        }
    }

    /// How long what was typed is kept.
    pub(crate) fn keep_words(&self) -> SignedDuration {
        SignedDuration::from_hours(i64::from(self.keep_words_days).saturating_mul(24))
    }
}

/// Whether a purpose must be given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Purpose {
    /// It may be.
    #[default]
    Optional,
    /// It must be.
    Required,
}

/// `[log]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct LogConfig {
    /// The least important lines that are written.
    pub(crate) level: Level,
    /// How a line is written.
    pub(crate) format: Format,
}

/// How important a line of the log is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// Something failed.
    Error,
    /// Something will fail if nobody looks.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// How it happened.
    Debug,
    /// Every step of it.
    Trace,
}

impl Level {
    /// The word in the file, which is also the one of `tracing`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LinkConfig {
    fn default() -> Self {
        Self { listen: Address("127.0.0.1:7443".to_owned()) }
    }
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self { listen: Address("127.0.0.1:7480".to_owned()) }
    }
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self { least_free_mib: 512, last_checkpoints: None }
    }
}

impl Default for OutboxConfig {
    fn default() -> Self {
        Self { poll_ms: 250, least_pause_ms: 200, most_pause_s: 60, checkpoint_after_s: 60 }
    }
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self { purpose: Purpose::Optional, purposes: Vec::new(), keep_words_days: 365 }
    }
}

impl Config {
    /// Reads the configuration of a node.
    pub(crate) fn load(data: &Data) -> Result<Self, CliError> {
        let path = data.config();
        let failed = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound if !data.is_node() => CliError::NoNode(data.dir.clone()),
            _ => CliError::Read { path: path.clone(), error },
        };
        if fs::metadata(&path).map_err(failed)?.len() > LIMIT {
            return Err(CliError::TooLarge { path, limit: LIMIT });
        }
        let text = fs::read_to_string(&path).map_err(failed)?;
        Self::parse(&text).map_err(|(line, message)| CliError::Config { path, line, message })
    }

    /// Reads the text of a configuration; an error says its line, from 1.
    pub(crate) fn parse(text: &str) -> Result<Self, (usize, String)> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let before = text.as_bytes().iter().take(at);
            (before.filter(|byte| **byte == b'\n').count() + 1, error.message().to_owned())
        })?;
        let OutboxConfig { poll_ms, least_pause_ms, most_pause_s, checkpoint_after_s } =
            config.outbox;
        let numbers = [
            ("poll_ms", poll_ms),
            ("least_pause_ms", least_pause_ms),
            ("most_pause_s", most_pause_s),
            ("checkpoint_after_s", checkpoint_after_s),
        ];
        for (name, number) in numbers {
            if !(1..=86_400_000).contains(&number) {
                let message = format!("`{name}` is a number from 1 to 86400000");
                return Err((line_of(text, name), message));
            }
        }
        if !(1..=36_500).contains(&config.access.keep_words_days) {
            let name = "keep_words_days";
            return Err((line_of(text, name), format!("`{name}` is a number from 1 to 36500")));
        }
        let is_purpose = |it: &String| !it.is_empty() && it.trim() == it;
        if !config.access.purposes.iter().all(is_purpose) {
            let message = "a purpose has a text, without spaces around it".to_owned();
            return Err((line_of(text, "purposes"), message));
        }
        config.taxii.check(text)?;
        Ok(config)
    }

    /// The text of a new node's configuration: every setting with its default, and what it does.
    pub(crate) fn text(&self) -> String {
        let template = match self.node.language {
            Lang::En => include_str!("config/comity.en.toml"),
            Lang::Es => include_str!("config/comity.es.toml"),
        };
        let defaults = Self::default();
        let (link, api) = template.split_once("[api]").unwrap_or((template, ""));
        let link = link.replace(defaults.link.listen.as_str(), self.link.listen.as_str());
        let api = api.replace(defaults.api.listen.as_str(), self.api.listen.as_str());
        format!("{link}[api]{api}")
    }
}

/// The line of a setting, from 1.
fn line_of(text: &str, name: &str) -> usize {
    text.lines().position(|line| line.trim_start().starts_with(name)).map_or(1, |line| line + 1)
}

/// An address as `host:port`; the port is not 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// The address.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether only this machine reaches it.
    fn is_loopback(&self) -> bool {
        let host = self.0.rsplit_once(':').map_or("", |(host, _)| host);
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        bare.parse::<IpAddr>().map_or(bare == "localhost", |it| it.to_canonical().is_loopback())
    }
}

/// A text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an address; write host and port, as `192.0.2.1:7443`")]
pub(crate) struct AddressError(String);

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let legal = || {
            let (host, port) = text.rsplit_once(':')?;
            let bare = match host.strip_prefix('[') {
                Some(rest) => rest.strip_suffix(']').filter(|it| it.contains(':'))?,
                None => Some(host).filter(|it| !it.contains(':'))?,
            };
            let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._:%".contains(&it);
            let port: u16 =
                port.parse().ok().filter(|_| port.bytes().all(|it| it.is_ascii_digit()))?;
            (!bare.is_empty() && bare.len() <= 253 && bare.bytes().all(plain) && port > 0)
                .then_some(())
        };
        match legal() {
            Some(()) => Ok(Self(text.to_owned())),
            None => Err(AddressError(text.chars().take(100).collect())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod tests;
