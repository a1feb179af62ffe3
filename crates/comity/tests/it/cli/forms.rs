//! An argument without its form is a wrong command line, whichever command finds it, and what is only refused is not.

use super::Place;

#[test]
fn an_argument_without_its_form_exits_with_2_in_every_command_and_a_refusal_with_1() {
    let place = Place::new();
    place.node("us");
    let feed = "feed add https://feeds.example/ --collection";
    for (line, code) in [
        ("collection add No --title Title", "bad-input"),
        ("collection add one --title Title --query nonsense", "bad-input"),
        ("pattern add No --pattern [a:b=1]", "bad-input"),
        ("pattern add one --pattern [a:b", "pattern-cut"),
        ("feed add nonsense --collection one --grade B2", "feed-url"),
        (&format!("{feed} one/two --grade B2"), "bad-input"),
        (&format!("{feed} one --grade B2 --name No"), "bad-input"),
        (&format!("{feed} one --grade B2 --every 1s"), "usage"),
        (&format!("{feed} one --grade B2 --every 90d"), "bad-input"),
        ("user add one --role nobody --password-stdin", "usage"),
    ] {
        assert_eq!(place.refused(&format!("{line} --data us"), 2), code, "{line}");
    }
    for (line, code) in [
        ("collection add one --title Title --query from=mx", "not-found"),
        (
            "pattern add one --indicator indicator--00000000-0000-4000-8000-000000000001",
            "not-found",
        ),
        ("pattern remove one", "not-found"),
        ("feed add http://feeds.example/ --collection one --grade B2", "feed-https-needed"),
        ("feed remove one", "not-found"),
    ] {
        assert_eq!(place.refused(&format!("{line} --data us"), 1), code, "{line}");
    }
    // what reached a use case left its line
    let journal = place.ok("journal list --limit 100 --data us");
    let lines = journal["lines"].as_array().unwrap();
    let refused = lines.iter().filter(|it| it["details"]["code"] == "bad-input");
    assert!(refused.count() >= 6, "{journal}");
}
