//! Technical support: asked for, given with a file, adopted. It binds nobody, and what travels is data.

use serde_json::json;

use super::matter::{same, stands};
use super::pick;
use crate::demo::answers::Spoken;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// What `mx` asks for.
const ASKED: &str =
    "Se pide la tabla con la que sus aduanas reconocen las denominaciones de los precursores.";
/// What `us` says with it.
const GIVEN: &str = "The table in use since January. It is a reference and binds nobody.";
/// What `mx` says of it.
const ADOPTED: &str = "Se incorpora a la revisión documental.";
/// The file.
const NAME: &str = "precursors.csv";
/// What is in it: names of substances in Tables I and II of the 1988 Convention, with their numbers of the CAS.
const TABLE: &str = "name,also,cas\n\
    acetic anhydride,anhidrido acetico,108-24-7\n\
    hydrochloric acid,acido clorhidrico,7647-01-0\n\
    phenylacetic acid,acido fenilacetico,103-82-2\n\
    potassium permanganate,permanganato de potasio,7722-64-7\n\
    toluene,tolueno,108-88-3\n";
/// Where `mx` puts what it got.
const RECEIVED: &str = "mx.received";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    stage.folder.write(NAME, TABLE)?;
    let asked: Spoken = mx
        .ask(["advice", "ask", "--to", us.handle, "--topic", "reference-table"])
        .args(["--text", ASKED, "--by", mx.analyst])
        .json()
        .await?;
    let folio = asked.folio.as_str();
    stands(us, "advice", folio, "open").await?;
    us.ask(["advice", "give", folio, "--text", GIVEN, "--attach", NAME, "--by", us.analyst])
        .done()
        .await?;
    stands(mx, "advice", folio, "given").await?;
    mx.ask(["advice", "save", folio, "--out", RECEIVED]).done().await?;
    let saved = stage.folder.read(&format!("{RECEIVED}/{NAME}"))?;
    if saved != TABLE.as_bytes() {
        return Err(DemoError::story(format!("`{NAME}` arrived with other bytes than it left")));
    }
    mx.ask(["advice", "adopt", folio, "--text", ADOPTED, "--by", mx.analyst]).done().await?;
    let (at_us, at_mx) = tokio::try_join!(
        stands(us, "advice", folio, "adopted"),
        stands(mx, "advice", folio, "adopted"),
    )?;
    same(folio, &at_us, &at_mx)?;
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "{folio}: mx asks for technical support; us gives `{NAME}`, byte for byte; mx adopts it"
            ),
            format!(
                "{folio}: mx pide asesoría técnica; us da `{NAME}`, byte por byte; mx la adopta"
            ),
        ),
        details: Vec::new(),
        facts: json!({ "advice": folio, "said": at_us.said, "bytes": saved.len() }),
    })
}
