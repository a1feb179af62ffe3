//! One agreement, signed by both over the same bytes; and a text that asks for joint operations, refused.

use jiff::ToSpan;
use serde_json::json;

use super::pick;
use crate::demo::answers::{Checked, Explained, Fault, Signed, Tried};
use crate::demo::examples::Blanks;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

const TEXT: &str = "agreement.toml";
const WORSE: &str = "joint-operations.toml";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let until = stage.today.saturating_add(1.year());
    stage.agreement_id = format!("agreement--{}", uuid::Uuid::new_v4());
    stage.agreement = stage.examples.agreement(&Blanks {
        id: &stage.agreement_id,
        from: stage.today,
        until,
        us_root: &stage.us.root,
        mx_root: &stage.mx.root,
    });
    stage.folder.write(TEXT, &stage.agreement)?;
    stage.folder.write(WORSE, &stage.examples.with_joint_operations(&stage.agreement)?)?;
    let refused = refused(stage).await?;
    let (english, spanish, examples) = explained(stage).await?;
    let signed = signed(stage).await?;
    let place = refused.line.map_or_else(String::new, |line| format!(":{line}"));
    Ok(Told {
        line: pick(
            stage.lang,
            format!("both signed one agreement, in force from {} to {until}", stage.today),
            format!("ambas partes firmaron un acuerdo, vigente del {} al {until}", stage.today),
        ),
        details: vec![
            format!("{TEXT}  {}", signed.digest),
            format!("us, en: {english}"),
            format!("mx, es: {spanish}"),
            pick(
                stage.lang,
                format!(
                    "{examples} examples decided as the table says: released, redacted, withheld"
                ),
                format!(
                    "{examples} ejemplos se deciden como dice la tabla: entregado, testado, excluido"
                ),
            ),
            pick(
                stage.lang,
                format!("{WORSE}{place}  refused: {} ({})", refused.message, refused.code),
                format!("{WORSE}{place}  rechazado: {} ({})", refused.message, refused.code),
            ),
        ],
        facts: json!({ "digest": signed.digest, "from": stage.today, "until": until, "refused": refused, "examples": examples }),
    })
}

/// What a lawyer reads: a sentence of each language about one term, and how many examples of the party's own table
/// came out as it says.
async fn explained(stage: &Stage) -> Result<(String, String, usize)> {
    let (us, mx) = (&stage.us, &stage.mx);
    let (english, spanish): (Explained, Explained) = tokio::try_join!(
        us.ask(["agreement", "explain", TEXT]).lang(us.lang).json(),
        mx.ask(["agreement", "explain", TEXT]).lang(mx.lang).json(),
    )?;
    let table = stage.examples.table();
    // the table is of its own days, so it runs against the template that it names
    let tried: Tried = us.ask(["agreement", "test"]).arg(&table).json().await?;
    let lines = |text: &str| text.lines().filter(|it| !it.trim().is_empty()).count();
    let same = english.digest == spanish.digest && lines(&english.text) == lines(&spanish.text);
    if !same || !tried.ok || tried.examples.is_empty() {
        return Err(DemoError::story("the agreement is explained or decided otherwise"));
    }
    // the same sentence stands on the same line of both
    let place = english.text.lines().position(|it| it.contains("pseudonym")).unwrap_or_default();
    let sentence = |text: &str| {
        let found = text.lines().nth(place).unwrap_or_default();
        found.trim_start_matches(['-', ' ']).to_owned()
    };
    Ok((sentence(&english.text), sentence(&spanish.text), tried.examples.len()))
}

/// Both sign: `us` the text, `mx` what `us` signed; and `us` takes in the whole.
async fn signed(stage: &Stage) -> Result<Signed> {
    let (us, mx) = (&stage.us, &stage.mx);
    let (by_us, by_both) = (us.file("agreement"), mx.file("agreement"));
    let first: Signed = us.ask(["agreement", "sign", TEXT, "--out", &by_us]).json().await?;
    let at_mx: Signed = mx.ask(["agreement", "sign", &by_us, "--out", &by_both]).json().await?;
    let at_us: Signed = us.ask(["agreement", "import", &by_both]).json().await?;
    if first.state == "in-force" {
        return Err(DemoError::story("the agreement was in force with one signature"));
    }
    for (handle, it) in [("us", &at_us), ("mx", &at_mx)] {
        let whole = it.here && it.by_partner && it.state == "in-force";
        if !whole || it.digest != first.digest {
            let message = format!("at `{handle}` the agreement is {}, {}", it.state, it.digest);
            return Err(DemoError::story(message));
        }
    }
    Ok(at_us)
}

/// What is said to a text whose scope has `joint-operations`.
async fn refused(stage: &Stage) -> Result<Fault> {
    let checked: Checked = stage.us.ask(["agreement", "check", WORSE]).refused().json().await?;
    let about_scope = |it: &Fault| it.message.contains("joint-operations");
    match checked.errors.into_iter().find(about_scope) {
        Some(fault) if !checked.ok => Ok(fault),
        _ => Err(DemoError::story("`agreement check` refused the scope without naming it")),
    }
}
