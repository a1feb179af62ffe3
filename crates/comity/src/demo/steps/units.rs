//! Two national units get what the partner released, each as a bundle; who has what stays in the node.

use serde_json::json;

use super::pick;
use super::release::OFFICERS;
use crate::demo::answers::{Bundle, Sweep};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// The units of `mx`: what they are called in the node, and in full.
pub(super) const UNITS: [(&str, &str); 2] =
    [("aduanas", "Aduanas (ejemplo)"), ("salud", "Autoridad sanitaria (ejemplo)")];

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let mx = &stage.mx;
    let Some(dossier) = &stage.dossier else {
        return Err(DemoError::story("there is no dossier to give to units"));
    };
    let mut objects = Vec::new();
    let [one, _] = OFFICERS;
    for (name, title) in UNITS {
        mx.ask(["unit", "add", name, "--title", title, "--as", one])
            .passphrase(&mx.officer_file(one))
            .done()
            .await?;
        let file = format!("mx.{name}.json");
        let given: Bundle = mx
            .ask(["unit", "give", "--release", dossier, "--to", name, "--out", &file])
            .args(["--by", mx.analyst])
            .json()
            .await?;
        objects.push(given.objects);
    }
    let went = (stage.examples.story.passes.len() + stage.examples.story.redacted.len()) as u64;
    // a day is the shortest time for which a clause lets things be kept, and it has not passed
    let due: Sweep = mx.ask(["purge", "run", "--dry-run"]).json().await?;
    if objects.iter().any(|it| *it != went) || due.purged != 0 {
        let message = format!("of {went} objects units got {objects:?}; {} expired", due.purged);
        return Err(DemoError::story(message));
    }
    let [(one, _), (two, _)] = UNITS;
    Ok(Told {
        line: pick(
            stage.lang,
            format!("{dossier}: mx gives its {went} objects to two units, {one} and {two}"),
            format!("{dossier}: mx da sus {went} objetos a dos instancias nacionales, {one} y {two}"),
        ),
        details: vec![pick(
            stage.lang,
            "nothing that mx holds has outlived its retention: a purge now would take 0 objects",
            "nada de lo que mx tiene rebasó su plazo de conservación: una eliminación hoy abarcaría 0 objetos",
        )
        .to_owned()],
        facts: json!({ "release": dossier, "units": [one, two], "objects": objects, "expired": due.purged }),
    })
}
