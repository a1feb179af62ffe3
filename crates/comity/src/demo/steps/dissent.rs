//! What a partner thinks otherwise stands beside one's own view, and an opinion against is no second source.

use serde_json::json;

use super::pick;
use super::release::{Order, send, settled};
use crate::demo::answers::{Corroborated, Taken, Views};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

const FILE: &str = "mx.opinion.json";
/// The clause under which `mx` says so.
const CLAUSE: &str = "seizures-north";
const PURPOSE: &str = "precursor-control";
/// What it says.
const OPINION: &str = "disagree";
/// Why; the clause withholds descriptions, so it stays at `mx`.
const TEXT: &str = "El peso declarado no coincide con el de la terminal portuaria.";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let object = stage.examples.story.passes.iter().find(|it| it.starts_with("consignment--"));
    let object = object.ok_or_else(|| DemoError::story("no consignment passes"))?.clone();
    let before: Corroborated = us.ask(["holdings", "corroboration", &object]).json().await?;
    let opinion = format!("opinion--{}", uuid::Uuid::new_v4());
    let now = format!("{}T00:00:00.000Z", stage.today);
    let text = json!({
        "type": "opinion",
        "spec_version": "2.1",
        "id": opinion,
        "created": now,
        "modified": now,
        "explanation": TEXT,
        "opinion": OPINION,
        "object_refs": [object],
    });
    stage.folder.write(FILE, &text.to_string())?;
    let taken: Taken = mx.ask(["import", FILE, "--grade", "B2", "--by", mx.analyst]).json().await?;
    if taken.new != 1 {
        return Err(DemoError::story("the opinion was not taken in"));
    }
    let order = Order {
        clause: CLAUSE,
        purpose: PURPOSE,
        selection: vec!["--object", &opinion],
        approvers: &["officer-1"],
    };
    let given = send(mx, us, order).await?;
    settled(mx, &given).await?;
    let views: Views = us.ask(["holdings", "views", &object]).json().await?;
    let after: Corroborated = us.ask(["holdings", "corroboration", &object]).json().await?;
    let dissents = views
        .parties
        .iter()
        .any(|it| !it.own && it.said.iter().any(|said| said.opinion.as_deref() == Some(OPINION)));
    let own = views.parties.iter().any(|it| it.own);
    if !dissents || !own || after.count != before.count {
        let message =
            format!("{object}: {views:?}, {} origins, then {}", before.count, after.count);
        return Err(DemoError::story(message));
    }
    let parties: Vec<&str> = views.parties.iter().map(|it| it.party.as_str()).collect();
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: mx disagrees about {object}; us keeps its own view with the dissent beside it, and counts no further origin",
                given.folio
            ),
            format!(
                "{}: mx disiente sobre {object}; us conserva su postura con el disenso a la vista, y no cuenta otra procedencia",
                given.folio
            ),
        ),
        details: Vec::new(),
        facts: json!({ "object": object, "parties": parties, "opinion": OPINION, "origins": after.count }),
    };
    stage.given.push(given);
    Ok(told)
}
