//! Each error, with its line and its field.

use comity_policy::{Agreement, ErrorCode};
use proptest::prelude::*;

use crate::support::{FULL, altered, errors};

/// The text after a change has exactly this error, on the line of `at` in the changed text.
#[track_caller]
fn refused(from: &str, to: &str, at: &str, field: &str, code: ErrorCode) {
    let text = altered(from, to);
    let line =
        text.lines().position(|line| line.contains(at)).expect("the place is in the text") + 1;
    let found = errors(&text);
    let seen: Vec<_> =
        found.iter().map(|it| (it.line as usize, it.field.as_str(), it.code)).collect();
    assert_eq!(seen, [(line, field, code)], "{found:?}");
    let message = &found.first().unwrap().message;
    assert!(
        message.starts_with(|it: char| !it.is_uppercase() || message.starts_with("Cedar")),
        "{message}"
    );
    assert!(!message.ends_with('.'), "{message}");
}

#[test]
fn an_error_of_the_header_names_its_line_and_field() {
    use ErrorCode as E;
    refused(
        "\"comity-agreement/1\"",
        "\"comity-agreement/2\"",
        "/2",
        "agreement.language",
        E::UnknownLanguage,
    );
    refused("--5d0b6f1e", "--5D0B6F1E", "5D0B", "agreement.id", E::BadId);
    let late = "version = 3\nbinds = \"later\"";
    refused("version = 3", late, "later", "agreement.binds", E::BadBinds);
    refused("version = 3", "version = 0", "version", "agreement.version", E::OutOfRange);
    refused("version = 3", "version = \"3\"", "version", "agreement.version", E::WrongType);
    refused("version = 3", "version = 3.0", "version", "agreement.version", E::WrongType);
    refused(
        "Synthetic-drug intelligence cooperation",
        " ",
        "title",
        "agreement.title",
        E::EmptyText,
    );
    refused(
        "title = \"Synthetic",
        "# title = \"Synthetic",
        "[agreement]",
        "agreement.title",
        E::MissingField,
    );
    refused(
        "default_tlp = \"green\"",
        "default_tlp = \"grey\"",
        "grey",
        "agreement.default_tlp",
        E::BadTlp,
    );
    refused(
        "version = 3",
        "version = 3\nsecret = 1",
        "secret",
        "agreement.secret",
        E::UnknownField,
    );
    refused(
        "2027-01-31",
        "2026-01-31",
        "2026-01-31",
        "agreement.in_force.until",
        E::PeriodReversed,
    );
    refused("2027-01-31", "2027-01-31T00:00:00Z", "T00", "agreement.in_force.until", E::BadDate);
    refused("2027-01-31", "\"2027-01-31\"", "2027", "agreement.in_force.until", E::WrongType);
    refused("from = 2026-02-01,", "", "in_force", "agreement.in_force.from", E::MissingField);
}

#[test]
fn an_error_of_the_parties_names_its_line_and_field() {
    use ErrorCode as E;
    refused("2\"\n[parties.us]", "X\"\n[parties.us]", "22X", "parties.mx.root", E::BadRoot);
    refused(
        "[parties.us]",
        "[parties.us]\nname = \"x\"",
        "name",
        "parties.us.name",
        E::UnknownField,
    );
    let same = FULL.replace("1111", "2222");
    assert_eq!(errors(&same).first().unwrap().code, E::SameRoot);
    let third = altered(
        "[parties.us]",
        "[parties.ca]\nroot = \"sha256:0000000000000000000000000000000000000000000000000000000000000000\"\n[parties.us]",
    );
    assert_eq!(errors(&third).first().unwrap().code, E::NotTwoParties);
}

#[test]
fn each_term_of_a_clause_is_checked() {
    use ErrorCode as E;
    let cases = [
        ("\"overdoses-north\"", "\"precursors-south\"", "clause[2].id", E::DuplicateClause),
        ("\"overdoses-north\"", "\"Overdoses\"", "clause[2].id", E::BadClauseId),
        ("from = \"mx\"", "from = \"ca\"", "clause[2].from", E::UnknownParty),
        ("to = \"us\"", "to = \"ca\"", "clause[2].to", E::UnknownParty),
        ("to = \"us\"", "to = \"mx\"", "clause[2].to", E::SameParty),
        ("to = \"us\"", "to = \"U\"", "clause[2].to", E::BadHandle),
        ("[\"public-health\"]", "[]", "clause[2].purposes", E::EmptyList),
        ("[\"public-health\"]", "[\"Public health\"]", "clause[2].purposes[1]", E::BadPurpose),
        ("\"observed-data\"", "\"observed_data\"", "clause[2].kinds[1]", E::BadKind),
        ("\"observed-data\"", "\"ob\"", "clause[2].kinds[1]", E::BadKind),
        ("\"observed-data\"", "\"*\"", "clause[2].kinds[1]", E::BadKind),
        ("\"observed-data\"", "\"report\"", "clause[2].kinds[2]", E::DuplicateValue),
        ("\"observed-data\"", "7", "clause[2].kinds[1]", E::WrongType),
        ("max_tlp = \"green\"", "max_tlp = \"AMBER\"", "clause[2].max_tlp", E::BadTlp),
        ("max_tlp = \"green\"", "max_tlp = \"red\"", "clause[2].max_tlp", E::TlpRed),
        ("min_grade = \"C3\"", "min_grade = \"C7\"", "clause[1].min_grade", E::BadGrade),
        (
            "\"identity.contact_information\"",
            "\"contact_information\"",
            "clause[1].redact[1]",
            E::BadRedactPath,
        ),
        (
            "\"identity.contact_information\"",
            "\"identity.\"",
            "clause[1].redact[1]",
            E::BadRedactPath,
        ),
        (
            "\"identity.contact_information\"",
            "\"identiti.name\"",
            "clause[1].redact[1]",
            E::RedactKind,
        ),
        (
            "\"identity.contact_information\"",
            "\"identity.id\"",
            "clause[1].redact[1]",
            E::RedactRequired,
        ),
        (
            "location = \"admin1\"",
            "location = \"street\"",
            "clause[1].precision.location",
            E::BadPrecision,
        ),
        ("time = \"day\"", "time = \"hour\"", "clause[1].precision.time", E::BadPrecision),
        ("time = \"day\"", "place = \"day\"", "clause[1].precision.place", E::UnknownField),
        ("max_pap = \"green\"", "max_pap = \"grey\"", "clause[3].max_pap", E::BadPap),
        ("max_age_days = 730", "max_age_days = 0", "clause[3].max_age_days", E::OutOfRange),
        ("[\"GT\", \"MX\"]", "[]", "clause[3].countries", E::EmptyList),
        ("[\"GT\", \"MX\"]", "[\"GT\", \"UK\"]", "clause[3].countries[2]", E::BadCountry),
        ("[\"GT\", \"MX\"]", "[\"gt\"]", "clause[3].countries[1]", E::BadCountry),
        ("[\"GT\", \"MX\"]", "[\"GT MX\"]", "clause[3].countries[1]", E::BadCountry),
        ("[\"fentanyl\", \"precursor\"]", "[]", "clause[3].labels.any", E::EmptyList),
        ("none = [\"sealed\"]", "none = [\"\"]", "clause[3].labels.none[1]", E::EmptyText),
        ("none = [\"sealed\"]", "not = [\"sealed\"]", "clause[3].labels.not", E::UnknownField),
        (
            "{ any = [\"fentanyl\", \"precursor\"], none = [\"sealed\"] }",
            "{}",
            "clause[3].labels",
            E::EmptyList,
        ),
        ("origin = \"own\"", "origin = \"theirs\"", "clause[3].origin", E::BadOrigin),
        ("persons = \"pseudonym\"", "persons = \"hide\"", "clause[3].persons", E::BadPersons),
        (
            "descriptions = \"withhold\"",
            "descriptions = \"hide\"",
            "clause[3].descriptions",
            E::BadDescriptions,
        ),
        ("onward = \"units\"", "onward = \"anybody\"", "clause[2].onward", E::BadOnward),
        ("\"judicial\"", "\"resale\"", "clause[2].use[2]", E::BadUse),
        ("36500", "36501", "clause[2].retention_days", E::OutOfRange),
        ("36500", "0", "clause[2].retention_days", E::OutOfRange),
        ("36500", "-1", "clause[2].retention_days", E::OutOfRange),
        (
            "approval = \"one-person\"",
            "approval = \"nobody\"",
            "clause[2].approval",
            E::BadApproval,
        ),
        (
            "composer_may_approve = false",
            "composer_may_approve = 0",
            "clause[2].composer_may_approve",
            E::WrongType,
        ),
        ("composer_may_approve = false", "composer = false", "clause[2].composer", E::UnknownField),
        ("urgency = \"urgent\"", "urgency = \"now\"", "answer_time[2].urgency", E::BadUrgency),
        (
            "urgency = \"urgent\"",
            "urgency = \"routine\"",
            "answer_time[2].urgency",
            E::DuplicateRule,
        ),
        ("hours = 8", "hours = 0", "answer_time[2].hours", E::OutOfRange),
        (
            "clause = \"precursors-south\"",
            "clause = \"other\"",
            "quota[1].clause",
            E::UnknownClause,
        ),
        ("objects = 5000", "objects = 0", "quota[1].objects", E::OutOfRange),
        ("per = \"day\"", "per = \"hour\"", "quota[1].per", E::BadPeriod),
    ];
    for (from, to, field, code) in cases {
        let text = altered(from, to);
        let start = FULL.find(from).unwrap();
        let line = FULL.get(..start).unwrap().matches('\n').count() + 1;
        let found = errors(&text);
        let seen: Vec<_> =
            found.iter().map(|it| (it.line as usize, it.field.as_str(), it.code)).collect();
        // a clause with a wrong id is also a clause that a quota can't find
        assert!(seen.contains(&(line, field, code)), "{to}: {found:?}");
        assert!(found.iter().all(|it| it.code == code || it.code == E::UnknownClause), "{found:?}");
    }
}

#[test]
fn a_site_can_not_be_approved_beforehand() {
    let text = altered("\"observed-data\"", "\"suspected-laboratory\"").replace(
        "approval = \"one-person\"",
        "precision = { location = \"country\" }\napproval = \"standing\"",
    );
    let line = text.lines().position(|line| line.contains("\"standing\"")).unwrap() + 1;
    let found = errors(&text);
    let seen: Vec<_> = found.iter().map(|it| (it.line as usize, it.field.as_str())).collect();
    assert_eq!(seen, [(line, "clause[2].approval")]);
    assert_eq!(found.first().map(|it| it.code), Some(ErrorCode::StandingApproval));
}

#[test]
fn exact_places_and_names_of_persons_can_not_be_approved_beforehand() {
    let standing = |precision: &str, persons: &str| {
        let terms = format!("retention_days = 36500\n{precision}\n{persons}");
        let text = altered("approval = \"one-person\"", "approval = \"standing\"")
            .replace("\"observed-data\"", "\"identity\"")
            .replace("retention_days = 36500", &terms);
        Agreement::parse(&text).map(|_| ()).map_err(|found| {
            found.into_iter().map(|it| (it.code, it.message.to_string())).collect::<Vec<_>>()
        })
    };
    let coarse = "precision = { location = \"admin1\" }";
    assert_eq!(standing(coarse, "persons = \"pseudonym\""), Ok(()));
    assert_eq!(standing(coarse, "persons = \"withhold\""), Ok(()));
    let only = |found: Result<(), Vec<(ErrorCode, String)>>, word: &str| matches!(found.unwrap_err().as_slice(), [(ErrorCode::StandingApproval, it)] if it.contains(word));
    assert!(only(standing(coarse, "persons = \"allow\""), "`identity`"));
    assert!(only(standing("", "persons = \"withhold\""), "exact places"));
    assert_eq!(standing("", "").unwrap_err().len(), 2);
}

#[test]
fn a_missing_field_is_named_at_the_head_of_its_table() {
    for field in [
        "id",
        "from",
        "to",
        "purposes",
        "kinds",
        "max_tlp",
        "onward",
        "use",
        "retention_days",
        "approval",
    ] {
        let clause = FULL.find("id = \"overdoses-north\"").unwrap();
        let (head, tail) = FULL.split_at(clause);
        let start = tail.find(&format!("{field} = ")).unwrap();
        let text = format!("{head}{}#{}", tail.get(..start).unwrap(), tail.get(start..).unwrap());
        let line = head.matches('\n').count();
        let found = errors(&text);
        let expected = (line, format!("clause[2].{field}"), ErrorCode::MissingField);
        assert!(
            found.iter().any(|it| (it.line as usize, it.field.clone(), it.code) == expected),
            "{found:?}"
        );
    }
}

#[test]
fn an_agreement_without_a_clause_is_refused() {
    let clauses = FULL.find("[[clause]]").unwrap();
    let times = FULL.find("[[answer_time]]").unwrap();
    let quota = FULL.find("[[quota]]").unwrap();
    let none = format!("{}{}", FULL.get(..clauses).unwrap(), FULL.get(times..quota).unwrap());
    assert_eq!(errors(&none).iter().map(|it| it.code).collect::<Vec<_>>(), [ErrorCode::NoClause]);
    let empty = format!("clause = []\n{none}");
    assert_eq!(errors(&empty).iter().map(|it| it.code).collect::<Vec<_>>(), [ErrorCode::NoClause]);
}

#[test]
fn all_errors_are_reported_in_one_turn_in_the_order_of_the_lines() {
    let text = FULL
        .replace("version = 3", "version = 0")
        .replace("max_tlp = \"green\"", "max_tlp = \"grey\"")
        .replace("per = \"day\"", "per = \"aeon\"")
        .replace("contains(\"minor\")", "contains(7)");
    let found = errors(&text);
    let seen: Vec<_> = found.iter().map(|it| it.code).collect();
    assert_eq!(
        seen,
        [ErrorCode::OutOfRange, ErrorCode::BadTlp, ErrorCode::BadPeriod, ErrorCode::WhenType]
    );
    assert!(found.is_sorted_by_key(|it| it.line));
}

#[test]
fn what_is_no_toml_is_refused_with_the_line() {
    let found = errors(&altered("version = 3", "version = "));
    assert_eq!(found.first().map(|it| (it.line, it.code)), Some((4, ErrorCode::Syntax)));
    let twice = errors(&altered("version = 3", "version = 3\nversion = 4"));
    assert_eq!(twice.first().map(|it| (it.line, it.code)), Some((5, ErrorCode::Syntax)));
    assert!(Agreement::parse("").is_err());
}

#[test]
fn operations_unrepresentable() {
    for word in [
        "joint-operations",
        "Joint_Operations",
        "operations",
        "operativos",
        "operaciones-conjuntas",
        "command",
        "mando",
        "tasking",
        "deployment",
        "hot-pursuit",
        "field-support",
        "intelligence-operations",
    ] {
        let text = altered("\"technical-support\"", &format!("\"{word}\""));
        let found = errors(&text);
        let seen: Vec<_> = found.iter().map(|it| (it.line, it.field.as_str(), it.code)).collect();
        assert_eq!(
            seen,
            [(7, "agreement.scope[2]", ErrorCode::OperationsUnrepresentable)],
            "{word}"
        );
    }
    let other = errors(&altered("\"technical-support\"", "\"trade\""));
    assert_eq!(other.first().map(|it| it.code), Some(ErrorCode::UnknownScope));
    assert_eq!(errors(&altered("[\"intelligence\", \"technical-support\"]", "[]")).len(), 1);
}

proptest! {
    #[test]
    fn no_third_word_of_scope_is_ever_read(word in "[ -~&&[^\"\\\\]]{0,30}") {
        prop_assume!(word != "intelligence" && word != "technical-support");
        for scope in [format!("[\"{word}\"]"), format!("[\"intelligence\", \"{word}\"]")] {
            let text = altered("[\"intelligence\", \"technical-support\"]", &scope);
            let found = errors(&text);
            prop_assert!(found.iter().all(|it| it.field.starts_with("agreement.scope[")));
        }
    }
}

#[test]
fn operations_unrepresentable_no_purpose_names_an_operation() {
    for word in ["operation", "joint-operation", "joint-operations", "operacion-conjunta", "raid"] {
        let found = errors(&altered("[\"public-health\"]", &format!("[\"{word}\"]")));
        let seen: Vec<_> = found.iter().map(|it| (it.field.as_str(), it.code)).collect();
        assert_eq!(
            seen,
            [("clause[2].purposes[1]", ErrorCode::OperationsUnrepresentable)],
            "{word}"
        );
    }
    for word in ["law-enforcement", "field-laboratories", "cooperation"] {
        let text = altered("[\"public-health\"]", &format!("[\"{word}\"]"));
        assert!(Agreement::parse(&text).is_ok(), "{word}");
    }
}

#[test]
fn a_version_binds_by_activation_unless_it_says_by_signatures() {
    let parse = |text: &str| Agreement::parse(text).map(|it| it.binds).unwrap();
    assert_eq!(parse(FULL), comity_policy::Binds::Activation);
    let text = altered("version = 3", "version = 3\nbinds = \"signatures\"");
    assert_eq!(parse(&text), comity_policy::Binds::Signatures);
    let difference =
        comity_policy::diff(&Agreement::parse(FULL).unwrap(), &Agreement::parse(&text).unwrap());
    assert_eq!(difference.changed[0].term, "binds");
}
