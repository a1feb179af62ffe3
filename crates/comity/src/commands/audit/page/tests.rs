use std::collections::BTreeMap;

use super::*;
use comity_exchange::audit::{Days, House};
use comity_model::matter::{PurgeCause, Urgency};

fn report(name: &str) -> Report {
    let measures = BTreeMap::from([("lines".to_owned(), 7)]);
    let names = BTreeMap::from([(name.to_owned(), measures)]);
    let day = jiff::civil::date(2026, 3, 1);
    Report {
        v: 1,
        by: PartyRoot::new(Digest::of(b"root")),
        exercise: true,
        days: Days { from: day, until: day },
        partner: None,
        shared: Vec::new(),
        waiting: BTreeMap::from([(name.to_owned(), 3)]),
        lost: Lost::default(),
        house: Some(House {
            counts: BTreeMap::from([("journal".to_owned(), names)]),
            last: Some(9),
            leaf: Some(Digest::of(b"leaf")),
        }),
    }
}

/// The page without the text: every tag, in order.
fn tags(page: &str) -> Vec<&str> {
    page.split('<').skip(1).filter_map(|it| it.split_once('>')).map(|(tag, _)| tag).collect()
}

#[test]
fn nothing_of_a_report_becomes_markup() {
    let hostile = [
        "</td></tr></table><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='x",
        "</style><style>body{display:none}",
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "\u{202e}txt\u{0}\u{1b}[2J",
    ];
    for lang in [Lang::En, Lang::Es] {
        let plain = of(lang, &report("x"), &Digest::of(b"r"), |_| "x".to_owned());
        for text in hostile {
            let page = of(lang, &report(text), &Digest::of(b"r"), |_| text.to_owned());
            assert_eq!(tags(&plain), tags(&page), "{text}");
            assert!(!page.contains(['\u{202e}', '\u{0}', '\u{1b}']));
        }
    }
}

#[test]
fn the_page_has_no_script_and_fetches_nothing() {
    let page =
        of(Lang::Es, &report("<script>alert(1)</script>"), &Digest::of(b"r"), |_| "us".into());
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    for word in ["<script", "src=", "href=", "url(", "onload"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("<html lang=\"es\">") && page.contains("EJERCICIO"));
}

#[test]
fn a_page_in_spanish_names_kinds_events_and_causes_in_spanish() {
    let words = [
        ("kinds", "release", "entrega"),
        ("kinds", "receipt", "acuse de recibo"),
        ("journal", "access-exported", "consulta: exportado"),
        ("journal", "delivered", "valija entregada"),
        ("requests", "urgent", "urgente"),
        ("recalls", "all", "en total"),
        ("purges", "retention", "fin de la conservación"),
        ("purges", "termination", "terminación del acuerdo"),
        ("purges", "no-need", "ya no se necesita"),
        ("refusals", "other", "otros"),
    ];
    for (part, raw, spanish) in words {
        let page = counted(Lang::Es, part, raw);
        assert!(page.contains(&format!("<td>{spanish}</td>")), "{page}");
        assert!(!page.contains(&format!("<td>{raw}</td>")), "{page}");
    }
    assert_eq!(change(Lang::Es, "activated"), "versión en vigor");
}

/// A page with one line in one part.
fn counted(lang: Lang, part: &str, name: &str) -> String {
    let measures = BTreeMap::from([("lines".to_owned(), 7)]);
    let names = BTreeMap::from([(name.to_owned(), measures)]);
    let mut report = report("x");
    report.house =
        Some(House { counts: BTreeMap::from([(part.to_owned(), names)]), last: None, leaf: None });
    of(lang, &report, &Digest::of(b"r"), |_| "us".into())
}

#[test]
fn every_cause_of_a_purge_and_every_urgency_has_its_words_on_the_page() {
    let causes = PurgeCause::ALL.map(|it| ("purges", it.as_str()));
    let urgencies = Urgency::ALL.map(|it| ("requests", it.as_str()));
    for (part, raw) in causes.into_iter().chain(urgencies) {
        let is_bare = |lang| counted(lang, part, raw).contains(&format!("<td>{raw}</td>"));
        assert!(!is_bare(Lang::Es), "`{raw}` has no Spanish");
        // an urgency is an English word; a cause is a name
        assert!(part != "purges" || !is_bare(Lang::En), "`{raw}` has no English");
    }
}
