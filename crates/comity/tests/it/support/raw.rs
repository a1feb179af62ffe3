//! A link client that trusts any server, shows any key, and sends any request.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::client::WantsClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::{
    ClientConfig, ConfigBuilder, DigitallySignedStruct, Error, SignatureScheme,
    SupportedProtocolVersion,
};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A client that speaks these versions of TLS, to any server.
pub(crate) fn any_server(
    versions: &[&'static SupportedProtocolVersion],
) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
}

/// A link key with its certificate.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) certificate: Vec<u8>,
    pub(crate) pkcs8: Vec<u8>,
}

impl Key {
    /// A key that nobody knows.
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let certificate = CertificateParams::default().self_signed(&key).unwrap().der().to_vec();
        Self { certificate, pkcs8: key.serialize_der() }
    }
}

#[derive(Debug)]
struct AnyServer;

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ECDSA_NISTP256_SHA256]
    }
}

/// One connection over TLS.
pub(crate) struct Raw(TlsStream<TcpStream>);

impl Raw {
    /// Connects to a port of this machine with this key, or with none. In TLS 1.3 a client believes that it
    /// is in before the server has looked at its certificate: the first answer tells.
    pub(crate) async fn connect(port: u16, key: Option<&Key>) -> io::Result<Self> {
        let builder = any_server(rustls::DEFAULT_VERSIONS);
        let config = match key {
            Some(key) => {
                let certificate = CertificateDer::from(key.certificate.clone());
                let pkcs8 = PrivatePkcs8KeyDer::from(key.pkcs8.clone());
                builder.with_client_auth_cert(vec![certificate], pkcs8.into()).unwrap()
            }
            None => builder.with_no_client_auth(),
        };
        let name = ServerName::try_from("any").unwrap();
        let connecting = async {
            let stream = TcpStream::connect(("127.0.0.1", port)).await?;
            TlsConnector::from(Arc::new(config)).connect(name, stream).await
        };
        timeout(Duration::from_secs(10), connecting).await?.map(Self)
    }

    /// Sends a request and reads the answer: the status and, for a problem document, its code.
    pub(crate) async fn ask(&mut self, request: &str, body: &[u8]) -> io::Result<(u16, String)> {
        timeout(Duration::from_secs(10), self.exchange(request, body)).await?
    }

    async fn exchange(&mut self, request: &str, body: &[u8]) -> io::Result<(u16, String)> {
        let stream = &mut self.0;
        stream.write_all(format!("{request}\r\n\r\n").as_bytes()).await?;
        stream.write_all(body).await?;
        stream.flush().await?;
        let mut header = Vec::new();
        while !header.ends_with(b"\r\n\r\n") {
            header.push(stream.read_u8().await?);
        }
        let header = String::from_utf8(header).unwrap().to_lowercase();
        let status = header.split(' ').nth(1).unwrap().parse().unwrap();
        let length = header.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        stream.read_exact(&mut body).await?;
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok((status, problem["code"].as_str().unwrap_or_default().to_owned()))
    }
}
