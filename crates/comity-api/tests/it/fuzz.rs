//! The TAXII server against inputs made from real requests: always the same ones.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/api/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/api/tokens.rs"]
mod tokens;

bounded::each_target! { taxii_query 200 taxii_next 60 taxii_body 80 }

#[test]
fn the_seeds_are_what_clients_send() {
    let text = |text: &str| text.as_bytes().to_vec();
    let queries = [
        ("all", text("")),
        ("page", text("limit=2&added_after=2020-01-01T00:00:00.000001Z")),
        ("types", text("match[type]=indicator,report&match[spec_version]=2.1")),
        ("versions", text("match[version]=first,last,2026-02-01T10:00:00.000Z")),
        (
            "id",
            text("match[id]=indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11&match[version]=all"),
        ),
    ];
    bounded::bless("taxii_query", &queries);
    let objects = [1, 2].map(comity_testkit::indicator).join(",");
    let body = format!("{{\"objects\":[{}]}}", objects.replace('\n', "")).into_bytes();
    bounded::bless("taxii_body", &[("objects", body)]);
}
