//! Patterns as indicators carry them.

use super::draw::Draw;
use super::{address, host, mailbox, sha256, url};

/// So many patterns about the world of [`super::observations`]: most of them name one address, host, URL or hash; some
/// join several, follow a reference, compare a number, or take an expression to match; a few want one observation
/// after another. About one in two has a constant that may be observed at all in a world of that `pool`, the others
/// name what never is.
pub fn patterns(count: u64, seed: u64, pool: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    (0..count).map(|_| pattern(&mut draw, pool)).collect()
}

fn pattern(draw: &mut Draw, pool: u64) -> String {
    match draw.below(100) {
        0..62 => format!("[{}]", equality(draw, pool)),
        62..72 => {
            format!(
                "[{} OR {} OR {}]",
                equality(draw, pool),
                equality(draw, pool),
                equality(draw, pool)
            )
        }
        72..80 => format!(
            "[network-traffic:dst_port = {} AND network-traffic:dst_ref.value = '{}']",
            draw.pick(&[22, 25, 53, 80, 443, 8080], 443),
            address(number(draw, pool)),
        ),
        80..84 => {
            let list: Vec<String> =
                (0..8).map(|_| format!("'{}'", address(number(draw, pool)))).collect();
            format!("[ipv4-addr:value IN ({})]", list.join(", "))
        }
        84..87 => format!("[url:value LIKE 'https://{}/%']", host(number(draw, pool))),
        87..90 => {
            format!(
                "[domain-name:value MATCHES '^relay-{}[0-9]\\\\.example\\\\.']",
                number(draw, pool)
            )
        }
        90..92 => format!("[ipv4-addr:value ISSUBSET '{}/30']", address(number(draw, pool))),
        92..94 => format!(
            "[file:size > {} AND file:name = 'papers-{}.pdf']",
            draw.below(200_000),
            number(draw, pool)
        ),
        94..96 => format!("[email-message:from_ref.value = '{}']", mailbox(number(draw, pool))),
        96..98 => format!(
            "[{}] FOLLOWEDBY [{}] WITHIN {} SECONDS",
            equality(draw, pool),
            equality(draw, pool),
            60 + draw.below(3_600)
        ),
        98 => format!("[{}] AND [{}]", equality(draw, pool), equality(draw, pool)),
        _ => format!(
            "[{}] REPEATS {} TIMES WITHIN 600 SECONDS",
            equality(draw, pool),
            2 + draw.below(3)
        ),
    }
}

/// A thing that may be observed, or as often one that never is.
fn number(draw: &mut Draw, pool: u64) -> u64 {
    draw.below(pool) + if draw.chance(50) { 0 } else { pool }
}

fn equality(draw: &mut Draw, pool: u64) -> String {
    let number = number(draw, pool);
    match draw.below(8) {
        0..3 => format!("ipv4-addr:value = '{}'", address(number)),
        3 => format!("domain-name:value = '{}'", host(number)),
        4..6 => format!("url:value = '{}'", url(number)),
        _ => format!("file:hashes.'SHA-256' = '{}'", sha256(number)),
    }
}
