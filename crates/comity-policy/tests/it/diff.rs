//! What an amendment widens and narrows.

use comity_policy::{Agreement, Difference, Engine, Lang, Question, diff};
use proptest::prelude::*;

use crate::naive::{asked, facts, terms};
use crate::support::{FULL, altered, full};

fn against_full(text: &str) -> Difference {
    let after = Agreement::parse(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    diff(&full(), &after)
}

/// The terms that a text widens, narrows and otherwise changes of the sample.
fn ways(text: &str) -> [Vec<&'static str>; 3] {
    let found = against_full(text);
    [found.widened, found.narrowed, found.changed]
        .map(|lines| lines.iter().map(|line| line.term).collect())
}

#[test]
fn each_term_widens_or_narrows_on_its_own_order() {
    // from, to, what is widened; the way back narrows the same
    let cases = [
        (
            "scope = [\"intelligence\", \"technical-support\"]",
            "scope = [\"intelligence\"]",
            "scope",
        ),
        ("from = 2026-02-01", "from = 2026-02-02", "in_force.from"),
        ("until = 2027-01-31", "until = 2027-01-30", "in_force.until"),
        ("default_tlp = \"green\"", "default_tlp = \"amber\"", "default_tlp"),
        ("[\"precursor-control\", \"public-health\"]", "[\"precursor-control\"]", "purposes"),
        ("\"consignment\", ", "", "kinds"),
        ("max_tlp = \"amber+strict\"", "max_tlp = \"amber\"", "max_tlp"),
        ("min_grade = \"C3\"", "min_grade = \"C2\"", "min_grade"),
        ("min_grade = \"C3\"", "min_grade = \"B3\"", "min_grade"),
        ("min_grade = \"C3\"", "min_grade = \"A1\"", "min_grade"),
        ("max_tlp = \"green\"", "max_tlp = \"green\"\nmin_grade = \"F6\"", "min_grade"),
        ("max_pap = \"green\"", "max_pap = \"clear\"", "max_pap"),
        ("max_age_days = 730", "max_age_days = 729", "max_age_days"),
        ("max_tlp = \"green\"", "max_tlp = \"green\"\nmax_age_days = 36500", "max_age_days"),
        ("[\"GT\", \"MX\"]", "[\"MX\"]", "countries"),
        ("max_tlp = \"green\"", "max_tlp = \"green\"\ncountries = [\"MX\"]", "countries"),
        ("\"fentanyl\", ", "", "labels.any"),
        ("[\"sealed\"]", "[\"sealed\", \"closed\"]", "labels.none"),
        ("max_tlp = \"green\"", "max_tlp = \"green\"\nlabels = { any = [\"a\"] }", "labels.any"),
        ("max_tlp = \"green\"", "max_tlp = \"green\"\norigin = \"own\"", "origin"),
        ("onward = \"originator-consent\"", "onward = \"units\"", "onward"),
        ("onward = \"units\"", "onward = \"never\"", "onward"),
        ("[\"intelligence-only\", \"judicial\"]", "[\"judicial\"]", "use"),
        ("retention_days = 180", "retention_days = 179", "retention_days"),
        ("approval = \"one-person\"", "approval = \"two-person\"", "approval"),
        ("composer_may_approve = false\n", "", "-composer_may_approve"),
        ("hours = 72", "hours = 71", "answer_time"),
        ("objects = 5000", "objects = 4999", "quota"),
        (
            "[[quota]]",
            "[[quota]]\nclause = \"precursors-south\"\nobjects = 100000000\nper = \"month\"\n[[quota]]",
            "quota",
        ),
        (
            "[[red_line]]\ntext = \"Nothing about",
            "[[red_line]]\ntext = \"x\"\nwhen = 'resource.revoked'\n[[red_line]]\ntext = \"Nothing about",
            "red_line",
        ),
        (", time = \"day\"", "", "-precision.time"),
    ];
    for (from, to, term) in cases {
        let text = altered(from, to);
        let before = Agreement::parse(&text).unwrap();
        let (narrow, wide) = (diff(&full(), &before), diff(&before, &full()));
        // a term with a hyphen is wider in the text that was altered
        let (term, narrow, wide) = match term.strip_prefix('-') {
            Some(term) => (term, wide, narrow),
            None => (term, narrow, wide),
        };
        let terms = |lines: &[comity_policy::Line]| -> Vec<&str> {
            lines.iter().map(|line| line.term).collect()
        };
        assert_eq!(terms(&narrow.narrowed), [term], "{to}: {narrow:?}");
        assert_eq!(terms(&wide.widened), [term], "{to}: {wide:?}");
        assert_eq!((narrow.widened.len(), wide.narrowed.len()), (0, 0), "{to}");
        assert_eq!((narrow.changed.len(), wide.changed.len()), (0, 0), "{to}");
    }
}

#[test]
fn taking_more_out_narrows_and_says_that_its_label_no_longer_counts() {
    let cases = [
        ("\"identity.contact_information\", ", "redact"),
        ("location = \"admin1\", ", "precision.location"),
        ("persons = \"pseudonym\"\n", "persons"),
        ("descriptions = \"withhold\"\n", "descriptions"),
    ];
    for (from, term) in cases {
        assert_eq!(ways(&altered(from, "")), [vec![term], vec!["redact"], vec![]], "{from}");
        let stricter = diff(&Agreement::parse(&altered(from, "")).unwrap(), &full());
        assert_eq!(stricter.narrowed.first().unwrap().term, term, "{from}");
        assert_eq!(stricter.widened.first().unwrap().term, "redact", "{from}");
    }
    // the precision takes the street out all the same
    assert!(against_full(&altered("\"location.street_address\", ", "")).is_empty());
}

#[test]
fn a_path_above_stands_for_those_beneath_it() {
    let whole = altered("report.external_references.url", "report.external_references");
    let [widened, narrowed, changed] = ways(&whole);
    assert_eq!((widened.len(), narrowed, changed.len()), (1, vec!["redact"], 0));
    let both = altered(
        "\"report.external_references.url\"",
        "\"report.external_references.url\", \"report.external_references.url.x\"",
    );
    assert!(against_full(&both).is_empty());
}

#[test]
fn halves_of_a_grade_that_go_both_ways_are_both_told() {
    let [widened, narrowed, _] = ways(&altered("min_grade = \"C3\"", "min_grade = \"B4\""));
    assert_eq!((widened, narrowed), (vec!["min_grade"], vec!["min_grade"]));
}

#[test]
fn what_means_the_same_is_no_change_however_it_is_written() {
    let moved = {
        let clause = FULL.find("[[clause]]\nid = \"overdoses-north\"").unwrap();
        let end = FULL.find("[[clause]]\nid = \"actors-south\"").unwrap();
        let times = FULL.find("[[answer_time]]").unwrap();
        let part = |from: usize, to: usize| FULL.get(from..to).unwrap();
        let all = [part(0, clause), part(end, times), part(clause, end), part(times, FULL.len())];
        all.concat()
    };
    let same = [
        moved,
        FULL.replace("version = 3", "# amended\nversion = 4"),
        altered("[\"public-health\"]", "[ \"public-health\", ]"),
        altered("max_tlp = \"green\"", "max_tlp = \"green\"\nmax_pap = \"red\"\norigin = \"any\""),
        altered(
            "[[answer_time]]",
            "[[answer_time]]\nurgency = \"priority\"\nhours = 72\n[[answer_time]]",
        ),
        altered(
            "'resource.labels.contains(\"minor\")'",
            "'( resource . labels.contains(\"minor\"))'",
        ),
        altered(
            "resource.natural_person && resource has",
            "(resource.natural_person) && resource has",
        ),
    ];
    for text in same {
        let found = against_full(&text);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(found.text(Lang::Es), "Nada cambia en su sentido.\n");
    }
}

#[test]
fn sets_in_a_condition_have_no_order() {
    let with = |when: &str| altered("'resource.labels.contains(\"minor\")'", &format!("'{when}'"));
    let one = Agreement::parse(&with("resource.labels.containsAny([\"a\", \"b\"])")).unwrap();
    let other = with("resource.labels.containsAny([\"b\",\"a\",\"a\"])");
    assert!(diff(&one, &Agreement::parse(&other).unwrap()).is_empty());
    let third = with("resource.labels.containsAll([\"a\", \"b\"])");
    let found = diff(&one, &Agreement::parse(&third).unwrap());
    assert_eq!((found.widened.len(), found.narrowed.len(), found.changed.len()), (1, 0, 0));
}

/// [`FULL`] whose first red line has this condition.
fn with(when: &str) -> String {
    let literal = serde_json::to_string(when).unwrap();
    altered("'resource.labels.contains(\"minor\")'", &literal)
}

#[test]
fn a_red_line_that_is_rewritten_widens_or_narrows_by_the_objects_that_it_forbids() {
    let minor = "resource.labels.contains(\"minor\")";
    let many: Vec<String> = (0..14).map(|it| format!("\"label-{it:02}\"")).collect();
    let any = |labels: &[String]| format!("resource.labels.containsAny([{}])", labels.join(", "));
    // what forbids less, what forbids more
    let cases = [
        (format!("{minor} && resource.revoked"), minor.to_owned()),
        (minor.to_owned(), format!("{minor} || resource.tlp.rank > 1")),
        ("resource.tlp.rank > 2".to_owned(), "resource.tlp.rank >= 2".to_owned()),
        (
            "resource.kind == \"report\"".to_owned(),
            "[\"report\", \"note\"].contains(resource.kind)".to_owned(),
        ),
        (
            "resource has age_days && resource.age_days > 100".to_owned(),
            "resource has age_days && resource.age_days > 99".to_owned(),
        ),
        (
            "resource has country && resource.country == \"GT\"".to_owned(),
            "resource has country".to_owned(),
        ),
        (
            format!("{minor} && context.purpose == \"trafficking\""),
            format!("{minor} && context.purpose != \"public-health\""),
        ),
        (any(&many[..9]), any(&many[..10])),
    ];
    for (less, more) in cases {
        let parsed = |when: &str| Agreement::parse(&with(when)).unwrap();
        let (less, more) = (parsed(&less), parsed(&more));
        let terms =
            |found: Difference| [found.widened, found.narrowed, found.changed].map(|it| it.len());
        assert_eq!(terms(diff(&less, &more)), [0, 1, 0], "{:?}", more.red_lines[0]);
        assert_eq!(terms(diff(&more, &less)), [1, 0, 0], "{:?}", more.red_lines[0]);
    }
    let [widened, narrowed, changed] = ways(&with("resource.labels.contains(\"child\")"));
    assert_eq!((widened, narrowed, changed), (vec!["red_line"], vec!["red_line"], vec![]));
    // the same in other words, and a line that others make idle
    let same = format!("!(!({minor}))");
    assert_eq!(ways(&with(&same)), [vec![], vec![], vec!["red_line"]]);
    let idle = format!("[[red_line]]\ntext = \"x\"\nwhen = '{minor} && resource.revoked'\n");
    assert_eq!(ways(&(FULL.to_owned() + &idle)), [vec![], vec![], vec!["red_line"]]);
}

#[test]
fn a_red_line_with_too_many_objects_to_try_is_said_to_do_both() {
    let many: Vec<String> = (0..24).map(|it| format!("\"label-{it:02}\"")).collect();
    let all = |labels: &[String]| format!("resource.labels.containsAll([{}])", labels.join(", "));
    let (few, more) = (all(&many[..22]), all(&many));
    let [few, more] = [few, more].map(|it| Agreement::parse(&with(&it)).unwrap());
    let found = diff(&few, &more);
    assert_eq!((found.widened.len(), found.narrowed.len()), (1, 1));
}

#[test]
fn a_renamed_clause_is_told_with_the_red_lines_that_no_longer_reach_it() {
    let renamed = FULL.replace("precursors-south", "chemicals");
    let found = against_full(&renamed);
    assert_eq!((found.widened.len(), found.narrowed.len()), (0, 0));
    let [line] = found.changed.as_slice() else { panic!("{found:?}") };
    assert_eq!((line.clause.as_deref(), line.term), (Some("chemicals"), "id"));
    assert_eq!(
        line.text(Lang::En),
        "clause `chemicals`: it is called so, formerly `precursors-south`"
    );

    let naming = with("context.clause == \"precursors-south\" && resource.kind == \"report\"");
    // the line keeps the old name, which no clause has any more
    let kept = naming
        .replace("id = \"precursors-south\"", "id = \"chemicals\"")
        .replace("clause = \"precursors-south\"", "clause = \"chemicals\"");
    let [was, is] = [&naming, &kept].map(|it| Agreement::parse(it).unwrap());
    let found = diff(&was, &is);
    let [line] = found.widened.as_slice() else { panic!("{found:?}") };
    assert_eq!((line.clause.as_deref(), line.term), (Some("chemicals"), "red_line"));
    assert!(
        line.en.contains("no longer holds") && line.en.contains("`precursors-south`"),
        "{line:?}"
    );
    assert_eq!(diff(&is, &was).narrowed.len(), 1);
    // the line goes with the clause
    let followed = Agreement::parse(&naming.replace("precursors-south", "chemicals")).unwrap();
    let found = diff(&was, &followed);
    assert_eq!((found.widened.len(), found.narrowed.len()), (0, 0), "{found:?}");
    // also where a term changes with the name
    let shorter = kept.replace("retention_days = 180", "retention_days = 90");
    let found = diff(&was, &Agreement::parse(&shorter).unwrap());
    let terms: Vec<_> = found.widened.iter().map(|it| it.term).collect();
    assert_eq!(terms, ["red_line"], "{found:?}");
    assert_eq!(found.narrowed.iter().map(|it| it.term).collect::<Vec<_>>(), ["retention_days"]);
}

#[test]
fn texts_and_grounds_change_without_widening() {
    let cases = [
        ("Synthetic-drug", "Other", "title"),
        ("notes of 2026-01-30", "notes of 2026-01-31", "legal_basis"),
        ("artículo 7", "artículo 8", "legal_basis"),
        ("It supports an", "It supports the", "reason"),
        ("\"source-at-risk\"", "\"source-in-danger\"", "reason"),
        ("person under 18", "person below 18", "red_line"),
        ("6e2b11", "6e2b12", "id"),
    ];
    for (from, to, term) in cases {
        let [widened, narrowed, changed] = ways(&altered(from, to));
        assert_eq!((widened.len(), narrowed.len()), (0, 0), "{from}");
        assert!(!changed.is_empty() && changed.iter().all(|it| *it == term), "{from}: {changed:?}");
    }
}

#[test]
fn a_clause_is_new_or_removed_and_one_that_turns_round_is_both() {
    let start = FULL.find("[[clause]]\nid = \"actors-south\"").unwrap();
    let end = FULL.find("[[answer_time]]").unwrap();
    let without = format!("{}{}", FULL.get(..start).unwrap(), FULL.get(end..).unwrap());
    assert_eq!(ways(&without), [vec![], vec!["clause"], vec![]]);
    let back = diff(&Agreement::parse(&without).unwrap(), &full());
    assert_eq!(back.widened.first().unwrap().clause.as_deref(), Some("actors-south"));
    let turned = altered("from = \"mx\"\nto = \"us\"", "from = \"us\"\nto = \"mx\"");
    assert_eq!(ways(&turned), [vec!["clause"], vec!["clause"], vec![]]);
    // another party under the same handle is another party
    let root = FULL.replace("2222222222222222\"", "2222222222222223\"");
    let [widened, narrowed, _] = ways(&root);
    assert_eq!(widened, ["parties", "clause", "clause", "clause"]);
    assert_eq!(narrowed, widened);
}

#[test]
fn the_lines_are_told_in_both_languages() {
    let text = altered("max_tlp = \"green\"", "max_tlp = \"amber\"")
        .replace("retention_days = 180", "retention_days = 30");
    let found = against_full(&text);
    assert_eq!(
        found.text(Lang::En),
        "Widened:\n- clause `overdoses-north`: highest TLP label: TLP:AMBER, formerly TLP:GREEN.\n\
         Narrowed:\n- clause `precursors-south`: kept by the receiver for: 30 days, formerly 180 days.\n"
    );
    assert_eq!(
        found.text(Lang::Es),
        "Se amplía:\n- cláusula `overdoses-north`: marca TLP máxima: TLP:AMBER; antes, TLP:GREEN.\n\
         Se restringe:\n- cláusula `precursors-south`: conservación por quien la recibe: 30 días; antes, 180 días.\n"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Against the engine: what it gives under one text and keeps under the other is never without a line.
    #[test]
    fn what_the_engine_gives_more_or_less_of_is_told(
        before in terms(),
        other in terms(),
        masks in proptest::array::uniform2(any::<u32>()),
        cases in proptest::collection::vec((facts(), asked()), 1..24),
    ) {
        // few terms differ, so that what is told hangs on them alone
        let after = before.mixed(&other, masks[0] & masks[1] & masks[0].rotate_left(7));
        let [one, two] = [&before, &after].map(|it| Agreement::parse(&it.text()).unwrap());
        let difference = diff(&one, &two);
        let back = diff(&two, &one);
        prop_assert_eq!(back.widened.is_empty(), difference.narrowed.is_empty());
        prop_assert_eq!(back.narrowed.is_empty(), difference.widened.is_empty());
        let [was, is] = [&one, &two].map(|it| Engine::compile(it).unwrap());
        for (facts, asked) in &cases {
            let gives = |engine: &Engine| {
                let clauses = engine.agreement().clauses.clone();
                clauses.iter().any(|clause| {
                    let question = Question { clause: &clause.id, ..asked.question() };
                    engine.decide(facts, &question).releases()
                })
            };
            let (gave, now_gives) = (gives(&was), gives(&is));
            prop_assert!(gave || !now_gives || !difference.widened.is_empty(), "{:?}", difference);
            prop_assert!(!gave || now_gives || !difference.narrowed.is_empty(), "{:?}", difference);
        }
    }
}
