use super::*;

#[test]
fn every_type_is_listed_and_has_a_schema_of_its_own() {
    let place = Place::new();
    let list = place.ok("stix schema");
    let types = list["types"].as_array().unwrap();
    let parts = [19, 2, 18, 3, 1].into_iter().sum::<usize>();
    let (standard, domain): (Vec<_>, Vec<_>) =
        types.iter().partition(|it| it["extension"].is_null());
    assert_eq!(standard.len(), parts, "sections 4 to 8: {list}");
    let names: Vec<&str> = domain.iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["consignment", "overdose-alert", "suspected-laboratory"]);
    for it in standard {
        let name = it["name"].as_str().unwrap();
        for part in ["class", "section", "about"] {
            assert!(!it[part].as_str().unwrap().is_empty(), "{name} has no {part}");
        }
    }
    for name in ["indicator", "ipv4-addr", "sighting", "marking-definition", "consignment"] {
        let schema = place.ok(&format!("stix schema {name}"));
        assert_eq!(schema["title"], name);
        assert!(schema["properties"].is_object(), "{schema}");
        let pretty = place.run(&format!("stix schema {name}"));
        assert!(pretty.stdout.lines().count() > 20, "{pretty:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&pretty.stdout).unwrap(), schema);
    }
    let spanish = place.run("stix schema --lang es");
    assert!(spanish.stdout.contains("sección") && spanish.stdout.contains("indicator"));
}

#[test]
fn a_type_that_is_none_is_answered_with_the_nearest_ones() {
    let place = Place::new();
    assert_eq!(place.refused("stix schema indicater", 1), "unknown-type");
    let english = place.run("stix schema indicater");
    assert!(english.stderr.contains("no type `indicater`; is it `indicator`?"), "{english:?}");
    let spanish = place.run("stix schema indicater --lang es");
    assert!(spanish.stderr.contains("¿será `indicator`?"), "{spanish:?}");
    let far = place.run("stix schema zzzzzzzz");
    assert!(far.stderr.contains("`comity stix schema` lists the types"), "{far:?}");
}
