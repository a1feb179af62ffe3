//! What a feed is logged in with, sealed for that feed and that address alone.

use zeroize::Zeroizing;

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{Feed, Login};

/// What the seal is bound to: put beside another name or address, it does not open.
fn context(name: &str, url: &str) -> Vec<u8> {
    format!("comity/feed/v1\n{name}\n{url}").into_bytes()
}

/// The lines that are sealed. None of them holds a line feed.
fn written(login: &Login) -> Zeroizing<String> {
    Zeroizing::new(match login {
        Login::Basic { username, password } => format!("basic\n{username}\n{}", **password),
        Login::Token(token) => format!("token\n{}", **token),
    })
}

fn read(text: &[u8]) -> Option<Login> {
    let mut lines = std::str::from_utf8(text).ok()?.split('\n');
    let mut next = || lines.next().map(ToOwned::to_owned);
    match next()?.as_str() {
        "basic" => Some(Login::Basic { username: next()?, password: Zeroizing::new(next()?) }),
        "token" => Some(Login::Token(Zeroizing::new(next()?))),
        _ => None,
    }
}

/// Seals a login under the node's keys, which have to be unlocked.
pub(super) fn seal(node: &Node, name: &str, url: &str, login: &Login) -> Result<Vec<u8>> {
    let text = written(login);
    Ok(node.keys()?.keep(&**node.entropy(), &context(name, url), text.as_bytes())?)
}

/// Opens the login of a feed, if it has one.
pub(super) fn open(node: &Node, feed: &Feed) -> Result<Option<Login>> {
    let Some(sealed) = &feed.login else { return Ok(None) };
    let text = node.keys()?.reveal(&context(&feed.name, &feed.url), sealed)?;
    let damaged = || ExchangeError::damaged(format!("the login of the feed `{}`", feed.name));
    read(&text).map(Some).ok_or_else(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_reads_back_as_it_was_written() {
        let password = Zeroizing::new("a:b c".to_owned());
        for login in [
            Login::Basic { username: "desk".to_owned(), password },
            Login::Token(Zeroizing::new("comity_x".to_owned())),
        ] {
            assert_eq!(read(written(&login).as_bytes()), Some(login));
        }
        assert_eq!(read(b"basic\ndesk"), None);
    }
}
