//! Each side registers two officers, each with a key and a passphrase of their own.

use serde_json::json;

use super::pick;
use super::release::OFFICERS;
use crate::demo::answers::Officer;
use crate::demo::failure::Result;
use crate::demo::folder::Folder;
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) =
        tokio::try_join!(register(&stage.us, &stage.folder), register(&stage.mx, &stage.folder),)?;
    let list = |officers: &[Officer]| {
        officers.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (at_us, at_mx) = (list(&us), list(&mx));
    let (desk, office) = (stage.us.office, stage.mx.office);
    let facts = |officers: &[Officer]| {
        let list = officers.iter().map(|it| json!({ "name": it.name, "office": it.office }));
        list.collect::<Vec<_>>()
    };
    Ok(Told {
        line: pick(
            stage.lang,
            format!("release officers registered: {at_us} ({desk}, us) and {at_mx} ({office}, mx)"),
            format!("responsables de entregas: {at_us} ({desk}, us) y {at_mx} ({office}, mx)"),
        ),
        details: Vec::new(),
        facts: json!({ "us": facts(&us), "mx": facts(&mx) }),
    })
}

async fn register(party: &Party, folder: &Folder) -> Result<Vec<Officer>> {
    let mut registered = Vec::new();
    for name in OFFICERS {
        let file = folder.passphrase(&format!("{}.{name}", party.handle))?;
        let officer = party
            .ask(["officer", "add", name, "--office", party.office])
            .args(["--officer-passphrase-file", &file])
            .json()
            .await?;
        registered.push(officer);
    }
    Ok(registered)
}
