//! A correction: the owner sends a later version and asks that it stand in the place of what went before.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::pick;
use super::recall::{answered, arrived};
use super::release::{OFFICERS, Order, send, settled};
use crate::demo::answers::{Recalls, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

const FILE: &str = "us.correction.json";
const REASON: &str = "withdrawn-by-owner";
/// What `us` has to say of the object meanwhile.
const DESCRIPTION: &str = "Seen once more; the source has been asked and is sure.";

/// `holdings show`.
#[derive(Debug, Deserialize)]
struct Shown {
    object: Map<String, Value>,
}

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let (wrong, object) = stage
        .given
        .last()
        .and_then(|given| {
            let line = given.with(Verdict::Released).into_iter().next()?;
            Some((given.folio.clone(), line.id.clone()))
        })
        .ok_or_else(|| DemoError::story("there is nothing to correct"))?;
    let held: Shown = us.ask(["holdings", "show", &object]).json().await?;
    stage.folder.write(FILE, &later(held.object)?)?;
    us.ask(["import", FILE, "--strict"]).done().await?;
    let story = &stage.examples.story;
    let order = Order {
        clause: &story.clause,
        purpose: &story.purpose,
        selection: vec!["--object", &object],
        approvers: &OFFICERS,
    };
    let given = send(us, mx, order).await?;
    let receipt = settled(us, &given).await?;
    let sent: Recalls = us
        .ask(["recall", "send", &wrong, "--object", &object, "--correct", &given.folio])
        .args(["--by", us.analyst])
        .json()
        .await?;
    let recall = sent.recalls.into_iter().next().ok_or_else(|| DemoError::story("no recall"))?;
    arrived(mx, &recall.folio).await?;
    mx.ask(["recall", "answer", &recall.folio, "--replace", "--reason", REASON])
        .args(["--by", mx.analyst])
        .done()
        .await?;
    let figures = answered(us, mx, &recall.folio, "done").await?;
    let read: Shown = mx.ask(["holdings", "show", &object]).json().await?;
    if read.object.get("description").and_then(Value::as_str) != Some(DESCRIPTION) {
        return Err(DemoError::story(format!("mx does not read the correction of {object}")));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: us corrects {object} by {}; mx purges what was wrong and reads the later version",
                recall.folio, given.folio
            ),
            format!(
                "{}: us corrige {object} con {}; mx elimina lo erróneo y lee la versión posterior",
                recall.folio, given.folio
            ),
        ),
        details: Vec::new(),
        facts: json!({ "recall": recall.folio, "answer": figures, "release": given.facts(&receipt) }),
    };
    stage.given.push(given);
    Ok(told)
}

/// The same object, a second later and with another description.
fn later(mut object: Map<String, Value>) -> Result<String> {
    let modified = object.get("modified").and_then(Value::as_str);
    let modified: Option<jiff::Timestamp> = modified.and_then(|it| it.parse().ok());
    let modified = modified.and_then(|it| it.checked_add(jiff::SignedDuration::from_secs(1)).ok());
    let modified = modified.ok_or_else(|| DemoError::story("an object has no time"))?;
    object.insert("modified".to_owned(), json!(modified.strftime("%FT%T.000Z").to_string()));
    object.insert("description".to_owned(), json!(DESCRIPTION));
    Ok(Value::Object(object).to_string())
}
