//! The example data comes in on both sides.

use std::ffi::OsStr;
use std::path::PathBuf;

use serde_json::json;

use super::pick;
use crate::demo::answers::Taken;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (of_us, of_mx) = (stage.examples.of_us(), stage.examples.of_mx());
    let (us, mx) = tokio::try_join!(take(&stage.us, &of_us), take(&stage.mx, &of_mx))?;
    Ok(Told {
        line: pick(
            stage.lang,
            format!("examples imported: {} objects at us, {} at mx, none rejected", us.new, mx.new),
            format!(
                "ejemplos importados: {} objetos en us, {} en mx, ninguno rechazado",
                us.new, mx.new
            ),
        ),
        details: Vec::new(),
        facts: json!({ "us": us, "mx": mx }),
    })
}

async fn take(party: &Party, files: &[PathBuf]) -> Result<Taken> {
    let taken: Taken = party.ask([OsStr::new("import")]).args(files).arg("--strict").json().await?;
    if taken.rejected > 0 || taken.new != taken.objects {
        let message = format!(
            "`{}` took in {} of {} objects and rejected {}",
            party.handle, taken.new, taken.objects, taken.rejected
        );
        return Err(DemoError::story(message));
    }
    Ok(taken)
}
