//! Whose certificates are believed.

use std::sync::Arc;

use comity_exchange::ports::{FeedCode, FeedFault};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

/// TLS as it is spoken with a server: 1.2 or 1.3, with the authorities in `ca`, PEM, or with the system's.
pub(crate) fn client(ca: Option<&str>) -> Result<Arc<ClientConfig>, FeedFault> {
    let roots = match ca {
        Some(pem) => named(pem)?,
        None => system()?,
    };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn named(pem: &str) -> Result<RootCertStore, FeedFault> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.map_err(wrong)?).map_err(wrong)?;
    }
    if roots.is_empty() { Err(FeedFault::new(FeedCode::Certificates)) } else { Ok(roots) }
}

/// Those that can be read of the system's: one that cannot leaves the others their worth.
fn system() -> Result<RootCertStore, FeedFault> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(found.certs);
    if taken > 0 {
        return Ok(roots);
    }
    Err(found.errors.first().map_or_else(|| FeedFault::new(FeedCode::Certificates), wrong))
}

fn wrong(error: impl std::fmt::Display) -> FeedFault {
    FeedFault::of(FeedCode::Certificates, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_that_can_be_read_is_refused() {
        let key = rcgen::KeyPair::generate().unwrap();
        let own = rcgen::CertificateParams::new(vec!["feeds.example".to_owned()]).unwrap();
        let own = own.self_signed(&key).unwrap().pem();
        assert!(client(Some(&own)).is_ok());
        let broken = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        for wrong in ["", "words", broken, &format!("{own}{broken}"), &key.serialize_pem()] {
            assert_eq!(client(Some(wrong)).unwrap_err().code, FeedCode::Certificates, "{wrong}");
        }
    }
}
