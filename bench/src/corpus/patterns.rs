//! Patterns as indicators carry them.

use super::draw::Draw;
use super::{address, any, host, mailbox, sha256, url};

/// So many patterns about the world of [`super::observations`]: most of them name one address, host, URL or hash; some
/// join several, follow a reference, compare a number, or take an expression to match; a few want one observation
/// after another. About one in two has a constant that may be observed at all, the others name what never is.
pub fn patterns(count: u64, seed: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    (0..count).map(|_| pattern(&mut draw)).collect()
}

fn pattern(draw: &mut Draw) -> String {
    match draw.below(100) {
        0..62 => format!("[{}]", equality(draw)),
        62..72 => {
            format!("[{} OR {} OR {}]", equality(draw), equality(draw), equality(draw))
        }
        72..80 => format!(
            "[network-traffic:dst_port = {} AND network-traffic:dst_ref.value = '{}']",
            draw.pick(&[22, 25, 53, 80, 443, 8080], 443),
            address(number(draw)),
        ),
        80..84 => {
            let list: Vec<String> =
                (0..8).map(|_| format!("'{}'", address(number(draw)))).collect();
            format!("[ipv4-addr:value IN ({})]", list.join(", "))
        }
        84..87 => format!("[url:value LIKE 'https://{}/%']", host(number(draw))),
        87..90 => {
            format!("[domain-name:value MATCHES '^relay-{}[0-9]\\\\.example\\\\.']", number(draw))
        }
        90..92 => format!("[ipv4-addr:value ISSUBSET '{}/30']", address(number(draw))),
        92..94 => format!(
            "[file:size > {} AND file:name = 'papers-{}.pdf']",
            draw.below(200_000),
            number(draw)
        ),
        94..96 => format!("[email-message:from_ref.value = '{}']", mailbox(number(draw))),
        96..98 => format!(
            "[{}] FOLLOWEDBY [{}] WITHIN {} SECONDS",
            equality(draw),
            equality(draw),
            60 + draw.below(3_600)
        ),
        98 => format!("[{}] AND [{}]", equality(draw), equality(draw)),
        _ => format!("[{}] REPEATS {} TIMES WITHIN 600 SECONDS", equality(draw), 2 + draw.below(3)),
    }
}

/// A thing that may be observed, or as often one that never is.
fn number(draw: &mut Draw) -> u64 {
    any(draw) + if draw.chance(50) { 0 } else { super::POOL }
}

fn equality(draw: &mut Draw) -> String {
    let number = number(draw);
    match draw.below(8) {
        0..3 => format!("ipv4-addr:value = '{}'", address(number)),
        3 => format!("domain-name:value = '{}'", host(number)),
        4..6 => format!("url:value = '{}'", url(number)),
        _ => format!("file:hashes.'SHA-256' = '{}'", sha256(number)),
    }
}
