//! Objects that no honest node holds.

use comity_exchange::ports::PouchState;
use serde_json::{Value, json};

use super::Case;
use crate::cli::{GRADE, GRADE_ID, GRADE_SCHEMA};
use crate::support::{Object, Terms, TwoNodes};

/// So many lists in one another.
fn nested(depth: usize) -> String {
    format!("{}{}", "[".repeat(depth), "]".repeat(depth))
}

async fn receipt(case: &Case) -> Value {
    let inbox = case.nodes.mx.ok("inbox list").await;
    let digest = inbox["inbox"][0]["digest"].as_str().unwrap().to_owned();
    case.nodes.mx.ok(&format!("inbox show {digest}")).await
}

#[tokio::test]
async fn a_deeply_nested_object_is_refused_and_holds_back_no_other() {
    let mut case = Case::new().await;
    let deep = Object::indicator(1, &format!(",\"x_deep\":{}", nested(400_000)));
    let before = case.view().await;
    let forged = case.us.forge(&case.us.release("deep", std::slice::from_ref(&deep)));
    case.takes(&forged).await;
    before.only_used(&case.nodes.mx, 1).await;
    let shown = receipt(&case).await;
    assert_eq!((&shown["outcome"], &shown["admitted"]), (&json!("refused"), &json!(0)), "{shown}");
    assert_eq!(shown["objects"][0]["code"], "too-deep", "{shown}");

    let forged =
        case.us.forge(&case.us.release("deep beside good", &[Object::indicator(2, ""), deep]));
    case.takes(&forged).await;
    let shown = receipt(&case).await;
    assert_eq!((&shown["outcome"], &shown["admitted"]), (&json!("partial"), &json!(1)), "{shown}");
    assert_eq!(shown["objects"][0]["index"], 1, "{shown}");
}

#[tokio::test]
async fn a_deeply_nested_statement_is_not_read() {
    let mut case = Case::new().await;
    let mut forge = case.us.proposal("deep");
    let mut body = Value::Null;
    for _ in 0..200 {
        body = json!([body]);
    }
    forge.body = body;
    let forged = case.us.forge(&forge);
    case.consumes(&forged, "bad-body").await;
    case.goes_on().await;
}

#[tokio::test]
async fn an_object_that_breaks_an_extension_of_the_receiver_is_refused_and_holds_back_no_other() {
    let nodes = TwoNodes::with(Terms::default()).await;
    let extensions = nodes.mx.data().join("extensions");
    std::fs::create_dir(&extensions).unwrap();
    std::fs::write(extensions.join("grade.json"), GRADE).unwrap();
    std::fs::write(extensions.join("grade.schema.json"), GRADE_SCHEMA).unwrap();
    let mut case = Case::between(nodes).await;
    let graded = |number, grade| {
        let value = format!("{{\"extension_type\":\"property-extension\",\"grade\":{grade}}}");
        Object::indicator(number, &format!(",\"extensions\":{{\"{GRADE_ID}\":{value}}}"))
    };
    let forged = case.us.forge(&case.us.release("graded", &[graded(1, 3), graded(2, 9)]));
    case.takes(&forged).await;
    let shown = receipt(&case).await;
    assert_eq!((&shown["outcome"], &shown["admitted"]), (&json!("partial"), &json!(1)), "{shown}");
    assert_eq!(shown["objects"][0]["index"], 1, "{shown}");
    assert_eq!(shown["objects"][0]["pointer"], format!("/extensions/{GRADE_ID}/grade"), "{shown}");
}

#[tokio::test]
async fn an_object_over_the_limit_refuses_the_release_that_brings_it() {
    let mut case = Case::new().await;
    let padding = |bytes: usize| {
        let bare = Object::indicator(1, ",\"x_padding\":\"\"").bytes.len();
        Object::indicator(1, &format!(",\"x_padding\":\"{}\"", "x".repeat(bytes - bare)))
    };
    let (largest, larger) = (padding(1 << 20), padding((1 << 20) + 1));
    assert_eq!(largest.bytes.len(), 1 << 20);
    let forged = case.us.forge(&case.us.release("larger", &[Object::indicator(2, ""), larger]));
    case.consumes(&forged, "over-limit").await;
    let forged = case.us.forge(&case.us.release("largest", &[largest]));
    assert_eq!(case.us.deliver(&forged).await, (PouchState::Consumed, None));
    assert_eq!(receipt(&case).await["admitted"], 1);
}
