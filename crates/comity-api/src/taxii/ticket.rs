//! Page tokens: the `next` of TAXII 2.1 section 3.5. A token says through what and after which member to go on, under a key of the
//! node: it is good in every process, after restarts and as often as it is used, and for nothing else than it was given out for.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use comity_exchange::Node;
use comity_model::Digest;
use comity_model::entropy::fresh;

use super::Fault;

/// Bytes of the tag.
const TAG: usize = 16;
/// Bytes of what is under it: the form, the place, and the digest of what it goes through.
const BODY: usize = 1 + 8 + 16;
/// The form. Tokens of the first one knew a view by a number that another could be given later, and are good for nothing.
const FORM: u8 = 2;

/// The key of page tokens.
pub(crate) struct Tickets {
    key: hmac::Key,
}

impl Tickets {
    pub(crate) async fn load(node: &Node) -> comity_exchange::Result<Self> {
        let key = node.store().page_key(fresh(&**node.entropy())).await?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &key.0) })
    }

    /// A token for what comes after `after` in `whole`: a view, a resource and its filters.
    pub(crate) fn give(&self, whole: &Digest, after: i64) -> String {
        let mut bytes = Vec::with_capacity(BODY + TAG);
        bytes.push(FORM);
        bytes.extend_from_slice(&after.to_be_bytes());
        bytes.extend(whole.as_bytes().iter().take(16));
        let tag = hmac::sign(&self.key, &bytes);
        bytes.extend(tag.as_ref().iter().take(TAG));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// After which member a token goes on. Refused if this node did not give it out for `whole`.
    pub(crate) fn read(&self, token: &str, whole: &Digest) -> Result<i64, Fault> {
        let foreign = || {
            let text = "`next` is no token that this server gave for this resource and these parameters; take it as it \
                        came, with the parameters of the request that gave it, or begin anew without it";
            Fault::bad("next-unknown", text)
        };
        if token.len() > 128 {
            return Err(foreign());
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| foreign())?;
        let (body, tag) = bytes.split_at_checked(BODY).ok_or_else(foreign)?;
        let expected = hmac::sign(&self.key, body);
        let expected = expected.as_ref().split_at_checked(TAG).map(|(it, _)| it);
        let is_ours = expected
            .is_some_and(|it| aws_lc_rs::constant_time::verify_slices_are_equal(it, tag).is_ok());
        let mut parts = body.iter().copied();
        let form = parts.next();
        let after: Vec<u8> = parts.by_ref().take(8).collect();
        let fits =
            is_ours && form == Some(FORM) && parts.eq(whole.as_bytes().iter().copied().take(16));
        let after: Option<[u8; 8]> = after.try_into().ok();
        after.filter(|_| fits).map(i64::from_be_bytes).ok_or_else(foreign)
    }
}
