//! The two certificate verifiers. Names, issuers, dates and extensions of a certificate are ignored; its key must be
//! pinned and the handshake must be signed with it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use comity_model::{Digest, PartyRoot};
use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls13_signature};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, PeerIncompatible,
    PeerMisbehaved, SignatureScheme,
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::sync::Notify;

use crate::Pins;

/// Link keys are ECDSA P-256 (docs/protocol.md section 1), so this is the only signature in a handshake.
const SCHEME: SignatureScheme = SignatureScheme::ECDSA_NISTP256_SHA256;

/// The digest of a certificate's key. The same parser later takes out the key that verifies the handshake's
/// signature, so there is no certificate that shows one key to the pins and another to the signature.
pub(crate) fn spki_of(certificate: &CertificateDer<'_>) -> Result<Digest, Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(Digest::of(parsed.subject_public_key_info().as_ref()))
}

/// Whether a failed connection failed because the server's key is not the partner's.
pub(crate) fn is_wrong_key(error: &Error) -> bool {
    *error == not_pinned()
}

fn not_pinned() -> Error {
    Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure)
}

fn holder(
    pins: &Pins,
    certificate: &CertificateDer<'_>,
    now: UnixTime,
) -> Result<PartyRoot, Error> {
    let seconds = i64::try_from(now.as_secs()).map_err(|_| Error::FailedToGetCurrentTime)?;
    let at = Timestamp::from_second(seconds).map_err(|_| Error::FailedToGetCurrentTime)?;
    pins.party(&spki_of(certificate)?, at).ok_or_else(not_pinned)
}

fn verify_signature(
    message: &[u8],
    certificate: &CertificateDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    if signature.scheme != SCHEME {
        return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
    }
    verify_tls13_signature(message, certificate, signature, algorithms)
}

/// Counts those who came with a key that is pinned to nobody, and wakes whoever reports them.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    count: AtomicU64,
    came: Notify,
}

impl Strangers {
    fn add(&self) {
        metrics::counter!("comity_link_strangers_total").increment(1);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.came.notify_one();
    }

    /// Waits until there is one that was not reported.
    pub(crate) async fn came(&self) {
        while self.count.load(Ordering::Relaxed) == 0 {
            self.came.notified().await;
        }
    }

    /// How many came since the last time that this was asked.
    pub(crate) fn take(&self) -> u64 {
        self.count.swap(0, Ordering::Relaxed)
    }
}

/// Lets in whoever holds a pinned key.
pub(super) struct PinnedClients {
    algorithms: WebPkiSupportedAlgorithms,
    pins: Pins,
    strangers: Arc<Strangers>,
}

impl PinnedClients {
    pub(super) fn new(provider: &CryptoProvider, pins: Pins, strangers: Arc<Strangers>) -> Self {
        Self { algorithms: provider.signature_verification_algorithms, pins, strangers }
    }
}

impl ClientCertVerifier for PinnedClients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match holder(&self.pins, end_entity, now) {
            Ok(_) => Ok(ClientCertVerified::assertion()),
            Err(error) => {
                self.strangers.add();
                Err(error)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SCHEME]
    }
}

impl fmt::Debug for PinnedClients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinnedClients({:?})", self.pins)
    }
}

/// Speaks to one partner and to nobody else.
pub(super) struct PinnedServer {
    algorithms: WebPkiSupportedAlgorithms,
    pins: Pins,
    partner: PartyRoot,
}

impl PinnedServer {
    pub(super) fn new(provider: &CryptoProvider, pins: Pins, partner: PartyRoot) -> Self {
        Self { algorithms: provider.signature_verification_algorithms, pins, partner }
    }
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if holder(&self.pins, end_entity, now)? == self.partner {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(not_pinned())
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(PeerIncompatible::Tls12NotOffered.into())
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SCHEME]
    }
}

impl fmt::Debug for PinnedServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinnedServer({})", self.partner)
    }
}
