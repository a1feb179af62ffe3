//! Over TLS: whose certificate is believed.

use std::sync::Arc;

use comity_exchange::ports::FeedSource as _;
use comity_feed::{FeedLimits, HttpFeeds};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls_pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::support::{Server, V21, answer, limits, wanted};

/// An authority, as PEM, and the port of a server whose certificate it signed for this name.
async fn serving(name: &str) -> (String, u16) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let own = own.signed_by(&key, &*authority).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![own.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let body = r#"{"versions":[],"can_read":true}"#;
    let server = Server::always(answer(V21, "", body)).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, server) = (acceptor.clone(), server.clone());
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    server.serve(stream).await;
                }
            });
        }
    });
    (authority.pem(), port)
}

async fn asked(url: String, ca: Option<String>) -> &'static str {
    // who never answers a hello is late with the handshake before it is late with its answers
    let limits = FeedLimits { locate: limits().connect * 4, ..limits() };
    let mut session = HttpFeeds::new(limits).open(wanted(url, None, ca)).unwrap();
    session.locate().await.map_or_else(|fault| fault.code.as_str(), |_| "done")
}

#[tokio::test]
async fn a_server_is_believed_by_its_name_under_the_authority_that_was_named_and_no_other() {
    let (ca, port) = serving("127.0.0.1").await;
    let (other, elsewhere) = serving("feeds.example").await;
    let url = |port| format!("https://127.0.0.1:{port}/a/");
    assert_eq!(asked(url(port), Some(ca.clone())).await, "done");
    assert_eq!(asked(url(port), Some(other.clone())).await, "feed-tls", "another authority");
    assert_eq!(asked(url(elsewhere), Some(other)).await, "feed-tls", "another name");
    let plain = Server::always(answer(V21, "", "{}")).await;
    assert_eq!(asked(url(plain.address.port()), Some(ca)).await, "feed-tls", "no TLS at all");
}
