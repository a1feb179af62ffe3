//! The table of conduct in docs/protocol.md: made from the code, and the same as what is checked in.
//!
//! With `COMITY_BLESS=1` the test writes it; look at what changed before it is committed.

use std::fmt::Write as _;

use comity_model::conduct::{Phase, Row, Unasked, row};
use comity_model::statement::Kind;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/protocol.md");
const BEGIN: &str = "<!-- table of conduct: made by comity-model/tests/it/conduct_page.rs -->\n";
const END: &str = "<!-- end of the table of conduct -->\n";

/// The phases in which a kind may be said, as the page has them.
fn phases(row: &Row) -> String {
    let may: Vec<Phase> = row.phases().collect();
    let list = |phases: &[Phase]| {
        let words: Vec<String> = phases.iter().map(|it| format!("`{it}`")).collect();
        words.join(", ")
    };
    let not: Vec<Phase> = Phase::ALL.into_iter().filter(|it| !may.contains(it)).collect();
    match not.len() {
        0 => "any".to_owned(),
        1 => format!("any but {}", list(&not)),
        _ => list(&may),
    }
}

fn table() -> String {
    let mut page = String::from(
        "\n| kind | who says it | after | while the agreement is | parts | the node that receives it, unasked |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for kind in Kind::ALL {
        let row = row(*kind);
        let does = if Kind::SPOKEN.contains(kind) {
            row.unasked.iter().map(|it| it.english()).collect::<Vec<_>>().join(", ")
        } else {
            format!("refuses it (`unsupported-kind`), {}", Unasked::Acknowledge.english())
        };
        let Row { speaker, after, parts, .. } = row;
        writeln!(
            page,
            "| `{kind}` | {} | {after} | {} | {} | {does} |",
            speaker.english(),
            phases(&row),
            parts.english()
        )
        .unwrap();
    }
    let receipted: Vec<String> = Kind::ALL
        .iter()
        .filter(|kind| !kind.is_receipted())
        .map(|kind| format!("`{kind}`"))
        .collect();
    writeln!(page, "\nEvery kind but {} is answered by a receipt.\n", receipted.join(" and "))
        .unwrap();
    page
}

#[test]
fn closed_set_the_page_says_of_every_kind_what_the_code_does() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("the page has the mark before the table");
    let (known, after) = rest.split_once(END).expect("the page has the mark after the table");
    let made = table();
    if std::env::var("COMITY_BLESS").is_ok_and(|it| it == "1") {
        std::fs::write(PAGE, [before, BEGIN, &made, END, after].concat()).unwrap();
        return;
    }
    assert!(
        known == made,
        "the table of conduct differs: run this with COMITY_BLESS=1 and look at it:\n{made}"
    );
}
