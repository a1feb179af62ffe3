//! What the program says in Spanish where something is not there, not written as it should be, or is read by people.

use super::run::Place;

/// What a command that is refused says, below the banner.
fn said(place: &Place, line: &str) -> String {
    let ran = place.run(&format!("{line} --lang es"));
    assert_ne!(ran.code, 0, "{line}: {ran:?}");
    let error = ran.stderr.lines().find(|it| it.starts_with("error: "));
    error.unwrap_or_else(|| panic!("{line}: {ran:?}")).to_owned()
}

#[test]
fn what_is_not_there_is_missed_by_its_own_name_and_its_own_list() {
    let place = Place::pair();
    place.ok("proposal put --to mx --subject other --text A --data us");
    for (line, words, list) in [
        ("agreement show US-2026-000404", "no existe el acuerdo", "`comity agreement list`"),
        ("agreement suspend US-2026-000404", "no existe el acuerdo", "`comity agreement list`"),
        ("agreement explain US-2026-000404", "no existe el acuerdo", "`comity agreement list`"),
        ("request figures --agreement US-2026-000404", "no existe el acuerdo", "agreement list`"),
        ("contact show US-2026-000404", "no existe el contacto", "`comity contact list`"),
        (
            "legal-hold lift 7",
            "no existe la conservación por mandato legal `7`",
            "legal-hold list`",
        ),
        (
            "release evidence US-2026-000404 -o x",
            "no existe la declaración",
            "`comity inbox list --all`",
        ),
    ] {
        let sentence = said(&place, &format!("{line} --data us"));
        assert!(sentence.contains(words) && sentence.contains(list), "{line}: {sentence}");
    }
    let agreement = place.ok("agreement list --data us")["agreements"][0]["folio"].clone();
    let agreement = agreement.as_str().unwrap();
    let proposal = place.ok("proposal list --data us")["proposals"][0]["folio"].clone();
    let proposal = proposal.as_str().unwrap();
    for (line, words) in [
        (
            format!("agreement show {proposal}"),
            "es el folio de una propuesta; consulte `comity proposal show`",
        ),
        (format!("contact show {proposal}"), "es el folio de una propuesta"),
        (
            format!("release show {agreement}"),
            "es el folio de un acuerdo; consulte `comity agreement show`",
        ),
        (format!("agreement show {agreement}@7"), "no existe la versión"),
    ] {
        let sentence = said(&place, &format!("{line} --data us"));
        assert!(sentence.contains(words), "{line}: {sentence}");
    }
    let english = place.run(&format!("advice show {proposal} --data us")).stderr;
    assert!(english.contains("and advice is wanted here"), "{english}");
    let lines = place.ok("journal list --limit 1000 --data us").to_string();
    assert!(lines.contains("legal-hold-not-lifted"), "{lines}");
}

#[test]
fn a_type_that_is_none_is_answered_without_a_list_of_everything() {
    let place = Place::pair();
    let line = "request send --to mx --urgency urgent --purpose public-health --text A --data us";
    let sentence = said(&place, &format!("{line} --kind not_a_type!"));
    assert!(
        sentence.contains("no conoce el tipo `not a type!`; `comity stix schema`"),
        "{sentence}"
    );
    assert!(sentence.len() < 250, "{sentence}");
}

#[test]
fn a_type_that_nobody_knows_is_reported_with_its_line_before_anybody_signs() {
    let place = Place::pair();
    let text = std::fs::read_to_string(place.path("agreement.toml")).unwrap();
    let text = text.replacen("\"consignment\"", "\"consingment\"", 1);
    let line = text.lines().position(|it| it.contains("consingment")).unwrap() + 1;
    place.write("wrong.toml", &text);
    let checked = place.run("agreement check wrong.toml --data us --json").document(1);
    let error = &checked["errors"][0];
    assert_eq!((&error["line"], &error["code"]), (&line.into(), &"kind-unknown".into()));
    assert_eq!(error["field"], "clause[1].kinds");
    let spanish = place.run("agreement check wrong.toml --data us --lang es");
    let whole =
        format!("wrong.toml:{line}: clause[1].kinds: este nodo no conoce el tipo `consingment`");
    assert!(spanish.stdout.contains(&whole), "{spanish:?}");
    let signed = said(&place, "agreement sign wrong.toml --data us");
    assert!(signed.contains(&format!("línea {line}: clause[1].kinds")), "{signed}");
    // where there is no node it is an error too
    let alone = place.run("agreement check wrong.toml --data nobody --json").document(1);
    assert_eq!(alone["errors"][0]["code"], "kind-unknown", "{alone}");
}

#[test]
fn files_and_names_that_do_not_fit_are_answered_with_what_would() {
    let place = Place::pair();
    for (line, words) in [
        ("agreement import agreement.toml", "`agreement.toml` no es un archivo firmado"),
        ("party import agreement.toml", "`agreement.toml` no es un archivo firmado"),
        ("agreement test agreement.toml", "no corresponde a una tabla de ejemplos; escriba"),
        ("officer add officer-1 --office a --no-passphrase", "ya hay un responsable `officer-1`"),
        (
            "agreement new --with mx --from 2026-05-01 --until 2026-04-01",
            "indique con `--until` un día posterior",
        ),
    ] {
        let sentence = said(&place, &format!("{line} --data us"));
        assert!(sentence.contains(words), "{line}: {sentence}");
        for english in ["invalid", "expected", "failed"] {
            assert!(!sentence.contains(english), "{line}: {sentence}");
        }
    }
}

#[test]
fn what_people_read_in_spanish_is_spanish_in_the_journal_reports_and_reasons() {
    let place = Place::pair();
    place.ok("contact add --with us --kind call --at 2026-01-15T10:00:00Z --our-office enlace \
              --their-office embassy --subject Asunto --said Nada --authorised-by area/17 --data mx");
    let journal = place.run("journal list --data mx --lang es").stdout;
    assert!(journal.contains("clave de la parte: us, número de serie: 1"), "{journal}");
    assert!(!journal.contains("{\""), "{journal}");
    let folio = place.ok("contact list --data mx")["contacts"][0]["folio"].clone();
    let folio = folio.as_str().unwrap();
    let report = place.run(&format!("contact report {folio} --template general-es --data mx"));
    assert!(report.stdout.contains("## Qué se dijo"), "{report:?}");
    assert!(report.stdout.contains(": llamada, el 2026-01-15"), "{report:?}");

    let suspend =
        "agreement suspend US-2026-000001 --reason inquiry-at-risk --text Pausa --data us";
    let done = place.run(&format!("{suspend} --lang es")).stdout;
    assert!(done.contains("rige la versión 1; el acuerdo está: suspendido"), "{done}");
    let shown = place.run("agreement show US-2026-000001 --data us --lang es").stdout;
    let text = std::fs::read_to_string(place.path("agreement.toml")).unwrap();
    let reason = text.split("id = \"inquiry-at-risk\"").nth(1).unwrap();
    let reason = reason.split("es = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(shown.contains(reason), "`{reason}`: {shown}");
}
