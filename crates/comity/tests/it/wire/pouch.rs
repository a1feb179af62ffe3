//! Pouches that are cut, and parts that are not those that the statement binds.

use comity_exchange::ports::PouchState;
use comity_testkit::Forge;

use super::Case;
use crate::support::{Object, Raw};

/// An object that fills several of the pieces in which a pouch is encrypted.
fn bulky() -> Object {
    Object::indicator(1, &format!(",\"x_padding\":\"{}\"", "x".repeat(300_000)))
}

#[tokio::test]
async fn a_cut_pouch_is_refused_and_uses_its_place_only_when_its_statement_was_whole() {
    let mut case = Case::new().await;
    let whole = case.us.forge(&case.us.release("cut", &[bulky()]));
    let statement = &whole.pouch[..60_000];
    case.refuses(statement, "truncated").await;
    case.refuses(&whole.pouch[..2_000], "truncated").await;
    let mut damaged = whole.pouch.clone();
    damaged[5_000] ^= 1;
    case.refuses(&damaged, "truncated").await;

    let cut = comity_testkit::Forged {
        pouch: whole.pouch[..whole.pouch.len() - 10_000].to_vec(),
        ..whole.clone()
    };
    case.consumes(&cut, "truncated").await;
    assert_eq!(case.us.deliver(&whole).await, (PouchState::Repeated, None), "its place is used");
    case.goes_on().await;
}

#[tokio::test]
async fn bytes_that_are_not_those_of_their_name_are_not_kept() {
    let case = Case::new().await;
    let before = case.view().await;
    let mut raw = Raw::connect(case.nodes.mx.link, Some(&case.us.link_key())).await.unwrap();
    let name = "ab".repeat(32);
    let request = format!(
        "PUT /link/v1/pouches/{name} HTTP/1.1\r\nContent-Range: bytes 0-9/10\r\nContent-Length: 10"
    );
    let answer = raw.ask(&request, b"0123456789").await.unwrap();
    assert_eq!(answer, (422, "wrong-digest".to_owned()));
    before.unchanged(&case.nodes.mx).await;
}

#[tokio::test]
async fn a_part_that_the_statement_does_not_bind_refuses_all_of_it() {
    let mut case = Case::new().await;
    let good = Object::indicator(1, "");
    let spoil = |forge: &mut Forge, part: usize, at: usize| forge.parts[part].1[at] ^= 1;

    let mut forge = case.us.proposal("another text");
    spoil(&mut forge, 0, 40);
    let forged = case.us.forge(&forge);
    case.consumes(&forged, "part-digest").await;
    for part in [0, 1] {
        let mut forge =
            case.us.release(&format!("spoilt part {part}"), std::slice::from_ref(&good));
        spoil(&mut forge, part, 20);
        let forged = case.us.forge(&forge);
        case.consumes(&forged, "part-digest").await;
    }
    let mut forge = case.us.release("missing", std::slice::from_ref(&good));
    forge.parts.pop();
    let forged = case.us.forge(&forge);
    case.consumes(&forged, "part-digest").await;
    let mut forge = case.us.release("one more", std::slice::from_ref(&good));
    forge.parts.push(("more".to_owned(), b"more".to_vec()));
    let forged = case.us.forge(&forge);
    case.consumes(&forged, "part-digest").await;
    let mut forge = case.us.release("exchanged", std::slice::from_ref(&good));
    forge.parts.reverse();
    let forged = case.us.forge(&forge);
    case.consumes(&forged, "part-digest").await;

    let honest = case.us.forge(&case.us.release("honest", &[good]));
    case.takes(&honest).await;
    let held = case.nodes.mx.ok("holdings list --from us").await;
    assert_eq!(held["holdings"].as_array().map(Vec::len), Some(1));
}
