//! TLS of the TAXII listener: 1.3 and 1.2 with the house's own certificate (TAXII 2.1 section 8.2.2). A client may show a
//! certificate; of it only the key counts, which the handshake proves and an account names.

use std::fmt;
use std::sync::Arc;

use comity_model::Digest;
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{
    WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature, verify_tls13_signature,
};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, ServerConfig, SignatureScheme};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, UnixTime};

/// The protocols inside TLS, as the listener announces them (RFC 7301).
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];
/// Certificates of a chain at the most.
const CHAIN: usize = 16;

/// A certificate and its key, ready to serve. Clones share it.
#[derive(Clone)]
pub struct TaxiiTls {
    config: Arc<ServerConfig>,
}

/// A certificate or a key that TLS cannot use.
#[derive(Debug, thiserror::Error)]
pub enum TaxiiTlsError {
    /// The text has no certificate in it, or too many.
    #[error("there is no certificate; write PEM that begins with `-----BEGIN CERTIFICATE-----`")]
    Certificate,
    /// The text has no private key in it.
    #[error("there is no private key; write PEM as PKCS#8, PKCS#1 or SEC1, without a passphrase")]
    Key,
    /// The two do not go together, or are of a form that is not known.
    #[error("the certificate and its key cannot be used: {0}; make them anew")]
    Pair(Error),
}

impl TaxiiTlsError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Certificate => "certificate-missing",
            Self::Key => "certificate-key-missing",
            Self::Pair(_) => "certificate-key-pair",
        }
    }
}

impl TaxiiTls {
    /// Takes a chain of certificates, the server's own first, and its private key, both as PEM.
    pub fn new(certificates: &[u8], key: &[u8]) -> Result<Self, TaxiiTlsError> {
        let chain = CertificateDer::pem_slice_iter(certificates).take(CHAIN + 1);
        let chain: Vec<_> =
            chain.collect::<Result<_, _>>().map_err(|_| TaxiiTlsError::Certificate)?;
        if chain.is_empty() || chain.len() > CHAIN {
            return Err(TaxiiTlsError::Certificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TaxiiTlsError::Key)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let anyone = AnyClient(provider.signature_verification_algorithms);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(TaxiiTlsError::Pair)?
            .with_client_cert_verifier(Arc::new(anyone))
            .with_single_cert(chain, key)
            .map_err(TaxiiTlsError::Pair)?;
        config.alpn_protocols = ALPN.iter().map(|it| it.to_vec()).collect();
        Ok(Self { config: Arc::new(config) })
    }

    pub(super) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }
}

impl fmt::Debug for TaxiiTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TaxiiTls")
    }
}

/// The SHA-256 of the public key (`SubjectPublicKeyInfo`, DER) of the first certificate in a PEM text: what an account that
/// proves itself by a certificate is known by.
pub fn key_of_certificate(pem: &[u8]) -> Result<Digest, TaxiiTlsError> {
    let certificate =
        CertificateDer::from_pem_slice(pem).map_err(|_| TaxiiTlsError::Certificate)?;
    key_of(&certificate).map_err(TaxiiTlsError::Pair)
}

/// The same of a certificate as DER. The parser is the one that later takes out the key by which the handshake's signature is
/// verified, so no certificate shows one key here and another there.
pub(super) fn key_of(certificate: &CertificateDer<'_>) -> Result<Digest, Error> {
    let parsed = ParsedCertificate::try_from(certificate)?;
    Ok(Digest::of(parsed.subject_public_key_info().as_ref()))
}

/// Lets anybody shake hands, with a certificate or without one. A key that no account names opens nothing; names, issuers and
/// dates of a certificate are ignored.
struct AnyClient(WebPkiSupportedAlgorithms);

impl ClientCertVerifier for AnyClient {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        key_of(end_entity).map(|_| ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

impl fmt::Debug for AnyClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyClient")
    }
}
