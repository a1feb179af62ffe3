//! What a failed connection means: who failed, and what the reader can do about it.

use std::error::Error;
use std::io;

use comity_exchange::ports::CourierError;
use rustls::AlertDescription;

use crate::tls::is_wrong_key;

/// What became of an attempt to connect to `address`.
pub(super) fn of_connect(address: &str, error: &io::Error) -> CourierError {
    named(error).unwrap_or_else(|| CourierError::Unreachable(format!("`{address}`: {error}")))
}

/// What became of a request.
pub(super) fn of_request(error: &hyper::Error) -> CourierError {
    if error.is_user() {
        return CourierError::Local("the pouch cannot be read from the spool".to_owned());
    }
    if error.is_parse() {
        return CourierError::Protocol("its answer is no HTTP".to_owned());
    }
    named(error)
        .unwrap_or_else(|| CourierError::Unreachable(format!("the connection ended: {error}")))
}

/// The faults that TLS names, wherever in the chain of causes they stand.
pub(super) fn named(error: &(dyn Error + 'static)) -> Option<CourierError> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let tls = error.downcast_ref::<rustls::Error>().or_else(|| {
            error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref::<rustls::Error>()
        });
        if let Some(tls) = tls {
            return of_tls(tls);
        }
        cause = error.source();
    }
    None
}

fn of_tls(error: &rustls::Error) -> Option<CourierError> {
    use AlertDescription as Alert;
    match error {
        error if is_wrong_key(error) => Some(CourierError::WrongKey),
        rustls::Error::AlertReceived(
            Alert::AccessDenied
            | Alert::BadCertificate
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA,
        ) => Some(CourierError::Refused("link-key-unknown".to_owned())),
        rustls::Error::InvalidMessage(_)
        | rustls::Error::PeerIncompatible(_)
        | rustls::Error::PeerMisbehaved(_)
        | rustls::Error::InvalidCertificate(_) => {
            Some(CourierError::Protocol(format!("its TLS is not the link's: {error}")))
        }
        _ => None,
    }
}
