//! What a program without PKCS #11 answers.

use comity_pouch::keys::TokenPlace;
use secrecy::SecretString;

use super::{TokenError, TokenKey};

/// Refused.
pub(super) fn generate(_: &TokenPlace, _: &SecretString, _: &str) -> Result<TokenKey, TokenError> {
    Err(TokenError::NotBuilt)
}

/// Refused.
pub(super) fn open(_: &TokenPlace, _: &SecretString, _: &[u8; 32]) -> Result<TokenKey, TokenError> {
    Err(TokenError::NotBuilt)
}

/// Refused.
pub(super) fn destroy(_: &TokenPlace, _: &SecretString) -> Result<(), TokenError> {
    Err(TokenError::NotBuilt)
}
