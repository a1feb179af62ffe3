//! A client that trusts any server and sends what the test says.

use std::io;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Key, PATIENCE};

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

/// TLS for a client with this key, or with none.
pub(crate) fn tls(key: Option<&Key>) -> ClientConfig {
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer));
    let Some(key) = key else { return builder.with_no_client_auth() };
    let certificate = CertificateDer::from(key.certificate.clone());
    let pkcs8 = PrivatePkcs8KeyDer::from(key.pkcs8.clone());
    let mut config = builder.with_client_auth_cert(vec![certificate], pkcs8.into()).unwrap();
    config.resumption = Resumption::disabled();
    config
}

/// One connection.
pub(crate) struct Raw(pub(crate) TlsStream<TcpStream>);

/// An answer, with its header in lower case.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    header: String,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let line = self.header.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::trim)
    }

    /// The `code` of a problem document, which must agree with the status.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.field("content-type"), Some("application/problem+json"));
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        for member in ["type", "title", "detail"] {
            assert!(problem[member].is_string(), "{member} in {problem}");
        }
        problem["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn offset(&self) -> Option<u64> {
        self.field("comity-offset").map(|text| text.parse().unwrap())
    }
}

impl Raw {
    /// Connects, and waits until the server has taken or refused the certificate.
    pub(crate) async fn connect(address: &str, key: Option<&Key>) -> io::Result<Self> {
        Self::connect_with(address, tls(key)).await
    }

    pub(crate) async fn connect_with(address: &str, tls: ClientConfig) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        let name = ServerName::try_from("any").unwrap();
        let stream = TlsConnector::from(Arc::new(tls)).connect(name, stream).await?;
        let mut raw = Self(stream);
        // In TLS 1.3 the client is done before the server has looked at the certificate: the first answer tells.
        let reply = raw.ask("GET / HTTP/1.1\r\n\r\n").await?;
        assert!(matches!(reply.status, 404 | 429), "{reply:?}");
        if reply.status == 429 {
            return Err(io::Error::new(io::ErrorKind::ConnectionRefused, reply.code()));
        }
        Ok(raw)
    }

    pub(crate) async fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.write_all(bytes.as_ref()).await?;
        self.0.flush().await
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn ask(&mut self, request: impl AsRef<[u8]>) -> io::Result<Reply> {
        self.write(request).await?;
        self.reply(true).await
    }

    /// Sends a `HEAD`, whose answer has no body.
    pub(crate) async fn ask_head(&mut self, path: &str) -> io::Result<Reply> {
        self.write(format!("HEAD {path} HTTP/1.1\r\n\r\n")).await?;
        self.reply(false).await
    }

    /// Puts `body` as `range`.
    pub(crate) async fn put(&mut self, path: &str, range: &str, body: &[u8]) -> io::Result<Reply> {
        self.write(put_header(path, range, body.len())).await?;
        self.ask(body).await
    }

    pub(crate) async fn reply(&mut self, with_body: bool) -> io::Result<Reply> {
        timeout(PATIENCE, self.read_reply(with_body)).await.expect("an answer in time")
    }

    async fn read_reply(&mut self, with_body: bool) -> io::Result<Reply> {
        let mut header = Vec::new();
        while !header.ends_with(b"\r\n\r\n") {
            header.push(self.0.read_u8().await?);
        }
        let header = String::from_utf8(header).unwrap().to_lowercase();
        let status = header.split(' ').nth(1).unwrap().parse().unwrap();
        let mut reply = Reply { status, header, body: Vec::new() };
        let len = reply.field("content-length").map_or(0, |len| len.parse().unwrap());
        if with_body {
            reply.body = vec![0; len];
            self.0.read_exact(&mut reply.body).await?;
        }
        Ok(reply)
    }

    /// Waits until the server closes the connection.
    pub(crate) async fn closed(mut self) {
        let mut rest = Vec::new();
        let end = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await;
        assert!(end.is_ok(), "the connection stays open");
    }
}

/// The header of a `PUT` of `len` bytes.
pub(crate) fn put_header(path: &str, range: &str, len: usize) -> String {
    format!("PUT {path} HTTP/1.1\r\nContent-Range: {range}\r\nContent-Length: {len}\r\n\r\n")
}
