//! A dossier of which one object is redacted and one is withheld by a red line.

use serde_json::{Value, json};

use super::pick;
use super::release::{Given, OFFICERS, Order, send, settled};
use crate::demo::answers::{Holdings, Line, Object, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let story = &stage.examples.story;
    let named = [&story.passes, &story.redacted, &story.withheld];
    let order = Order {
        clause: &story.clause,
        purpose: &story.purpose,
        selection: named.into_iter().flatten().flat_map(|id| ["--object", id.as_str()]).collect(),
        approvers: &OFFICERS,
    };
    let given = send(&stage.us, &stage.mx, order).await?;
    compare(&given, Verdict::Released, &story.passes)?;
    compare(&given, Verdict::Redacted, &story.redacted)?;
    compare(&given, Verdict::Withheld, &story.withheld)?;
    let receipt = settled(&stage.us, &given).await?;

    let mut details = Vec::new();
    let (mut redacted, mut withheld) = (Vec::new(), Vec::new());
    for line in given.with(Verdict::Redacted) {
        let shown = redaction(stage, line).await?;
        let (name, copy) = (name_of(line), &shown.copy);
        for (property, before, after) in &shown.changed {
            let (en, es) = match after {
                Some(after) => (format!("says {after}"), format!("dice {after}")),
                None => ("has none".to_owned(), "no lo lleva".to_owned()),
            };
            details.push(pick(
                stage.lang,
                format!("redacted  {name}: us holds {property} {before}; at mx {copy} {en}"),
                format!("testado   {name}: us tiene {property} {before}; en mx {copy} {es}"),
            ));
        }
        redacted
            .push(json!({ "original": line.id, "derivative": copy, "properties": line.redacted }));
    }
    for line in given.with(Verdict::Withheld) {
        absent(&stage.mx, &line.id).await?;
        for reason in &line.reasons {
            let (name, policy, text) = (name_of(line), &reason.policy, &reason.text);
            details.push(pick(
                stage.lang,
                format!("withheld  {name}: {text} ({policy})"),
                format!("excluido  {name}: {text} ({policy})"),
            ));
        }
        withheld.push(json!({ "id": line.id, "reasons": line.reasons }));
    }
    let (objects, all) = (given.objects(), given.preview.len());
    let (testados, excluidos) = (redacted.len(), withheld.len());
    let mut facts = given.facts(&receipt);
    if let Some(facts) = facts.as_object_mut() {
        facts.insert("redactions".to_owned(), Value::Array(redacted));
        facts.insert("exclusions".to_owned(), Value::Array(withheld));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: {objects} of {all} objects go, {testados} redacted, {excluidos} withheld; mx admits {}, settled",
                given.folio, receipt.admitted
            ),
            format!(
                "{}: van {objects} de {all} objetos, {testados} testado, {excluidos} excluido; mx admite {}, concluida",
                given.folio, receipt.admitted
            ),
        ),
        details,
        facts,
    };
    stage.dossier = Some(given.folio.clone());
    stage.given.push(given);
    Ok(told)
}

/// What became of a redacted object.
struct Redaction {
    /// The partner's copy: its id.
    copy: String,
    /// Each property with what it says at its owner, and what the copy says, if anything.
    changed: Vec<(String, Value, Option<Value>)>,
}

/// Looks at both sides' version of a redacted object: at `mx` under another id, without what was redacted.
async fn redaction(stage: &Stage, line: &Line) -> Result<Redaction> {
    let (us, mx) = (&stage.us, &stage.mx);
    absent(mx, &line.id).await?;
    let (kind, _) = line.id.split_once("--").unwrap_or((&line.id, ""));
    let held: Holdings =
        mx.ask(["holdings", "list", "--from", us.handle, "--type", kind]).json().await?;
    // of this type everything else went as it is
    let copy = held.holdings.into_iter().find(|it| !stage.examples.story.passes.contains(&it.id));
    let copy = copy.ok_or_else(|| {
        DemoError::story(format!("`mx` does not hold what became of {}", name_of(line)))
    })?;
    let before: Object = us.ask(["holdings", "show", &line.id]).json().await?;
    let after: Object = mx.ask(["holdings", "show", &copy.id]).json().await?;
    let mut changed = Vec::new();
    for pointer in &line.redacted {
        let property = pointer.rsplit(['/', '.']).next().unwrap_or(pointer);
        let (was, is) = (before.object.get(property), after.object.get(property));
        match was {
            Some(value) if Some(value) != is => {
                changed.push((property.to_owned(), value.clone(), is.cloned()));
            }
            _ => {
                let message = format!("`{property}` of {} was not redacted", name_of(line));
                return Err(DemoError::story(message));
            }
        }
    }
    Ok(Redaction { copy: copy.id, changed })
}

/// Nothing under this id is held.
async fn absent(party: &Party, id: &str) -> Result<()> {
    party.ask(["holdings", "show", id]).refused_as("not-found").await
}

/// Exactly these objects have this verdict.
fn compare(given: &Given, verdict: Verdict, wanted: &[String]) -> Result<()> {
    let lines = given.with(verdict);
    if lines.len() == wanted.len() && lines.iter().all(|line| wanted.contains(&line.id)) {
        return Ok(());
    }
    let found: Vec<&str> = lines.iter().map(|line| line.id.as_str()).collect();
    Err(DemoError::story(format!("{verdict:?} are {found:?}, and should be {wanted:?}")))
}

fn name_of(line: &Line) -> &str {
    line.name.as_deref().unwrap_or(&line.id)
}
