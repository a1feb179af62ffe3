//! TLS as the link uses it: version 1.3 alone, both sides with a self-signed certificate of which only the key
//! counts (docs/protocol.md section 1).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use comity_exchange::ports::Clock;
use comity_model::{Digest, PartyRoot};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::server::NoServerSessionStorage;
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, UnixTime};

use crate::Pins;

mod verify;

use verify::{PinnedClients, PinnedServer};
pub(crate) use verify::{Strangers, is_wrong_key, spki_of};

/// The protocol inside TLS, as both sides announce it (RFC 7301).
const ALPN: &[u8] = b"http/1.1";

/// This node's link key with its certificate.
pub struct LinkIdentity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    spki: Digest,
}

/// A link key that TLS cannot use.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate is not one, or is not of the key.
    #[error("this node's link certificate cannot be used: {0}; make a new link key")]
    Identity(rustls::Error),
}

impl TlsError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Identity(_) => "link-identity",
        }
    }
}

impl LinkIdentity {
    /// Takes a certificate (X.509 DER) and its key (PKCS#8 DER, ECDSA P-256).
    pub fn new(certificate: Vec<u8>, pkcs8: Vec<u8>) -> Result<Self, TlsError> {
        let certificate = CertificateDer::from(certificate);
        let spki = spki_of(&certificate).map_err(TlsError::Identity)?;
        Ok(Self { certificate, key: PrivatePkcs8KeyDer::from(pkcs8).into(), spki })
    }

    /// SHA-256 of the certificate's `SubjectPublicKeyInfo`: what partners pin.
    pub const fn spki(&self) -> &Digest {
        &self.spki
    }
}

impl Clone for LinkIdentity {
    fn clone(&self) -> Self {
        Self { certificate: self.certificate.clone(), key: self.key.clone_key(), spki: self.spki }
    }
}

impl fmt::Debug for LinkIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkIdentity({})", self.spki)
    }
}

/// The listener's side of TLS: demands a certificate whose key is pinned to somebody at that time. Sessions are not
/// resumed: a resumed one would pass by the pins.
pub fn server_config(
    identity: &LinkIdentity,
    pins: &Pins,
    clock: &Arc<dyn Clock>,
) -> Result<LinkServerConfig, TlsError> {
    let provider = provider();
    let strangers = Arc::new(Strangers::default());
    let verifier = PinnedClients::new(&provider, pins.clone(), Arc::clone(&strangers));
    let mut config = ServerConfig::builder_with_details(provider, LinkTime::of(clock))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Identity)?
        .with_client_cert_verifier(Arc::new(verifier))
        .with_single_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .map_err(TlsError::Identity)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(LinkServerConfig {
        tls: Arc::new(config),
        pins: pins.clone(),
        clock: Arc::clone(clock),
        strangers,
    })
}

/// The listener's side of TLS with the pins that it looks at. Made by [`server_config`].
#[derive(Clone)]
pub struct LinkServerConfig {
    pub(crate) tls: Arc<ServerConfig>,
    pub(crate) pins: Pins,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) strangers: Arc<Strangers>,
}

impl fmt::Debug for LinkServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkServerConfig({:?})", self.pins)
    }
}

/// The caller's side of TLS towards one partner: the server's key must be pinned to that partner.
pub(crate) fn client_config(
    identity: &LinkIdentity,
    pins: &Pins,
    clock: &Arc<dyn Clock>,
    partner: PartyRoot,
) -> Result<Arc<ClientConfig>, TlsError> {
    let provider = provider();
    let verifier = PinnedServer::new(&provider, pins.clone(), partner);
    let mut config = ClientConfig::builder_with_details(provider, LinkTime::of(clock))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(TlsError::Identity)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_client_auth_cert(vec![identity.certificate.clone()], identity.key.clone_key())
        .map_err(TlsError::Identity)?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    config.enable_sni = false;
    Ok(Arc::new(config))
}

/// aws-lc-rs with the hybrid post-quantum key exchange first, whatever the process's default may be.
fn provider() -> Arc<CryptoProvider> {
    use aws_lc_rs::kx_group::{SECP256R1, X25519, X25519MLKEM768};
    Arc::new(CryptoProvider {
        kx_groups: vec![X25519MLKEM768, X25519, SECP256R1],
        ..aws_lc_rs::default_provider()
    })
}

/// The node's clock in the form in which the TLS library asks for it.
struct LinkTime(Arc<dyn Clock>);

impl LinkTime {
    fn of(clock: &Arc<dyn Clock>) -> Arc<dyn TimeProvider> {
        Arc::new(Self(Arc::clone(clock)))
    }
}

impl TimeProvider for LinkTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for LinkTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkTime")
    }
}
