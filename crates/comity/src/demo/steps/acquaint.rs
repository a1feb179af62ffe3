//! Two nodes are made, exchange their descriptors, compare fingerprints and confirm each other.

use serde_json::json;

use super::pick;
use crate::demo::answers::{Confirmed, Imported, Made};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (made_us, made_mx) = tokio::try_join!(
        make(&stage.us, "Example authority of us"),
        make(&stage.mx, "Autoridad de ejemplo de mx"),
    )?;
    stage.us.root.clone_from(&made_us.root);
    stage.mx.root.clone_from(&made_mx.root);
    let (us, mx) = (&stage.us, &stage.mx);
    tokio::try_join!(export(us), export(mx))?;
    // what each reads to the other by telephone is what `init` showed its owner
    let words = made_us.fingerprint.words_es.join(" ");
    let digits = made_mx.fingerprint.digits.join(" ");
    tokio::try_join!(meet(us, mx, &made_mx, &digits), meet(mx, us, &made_us, &words))?;
    Ok(Told {
        line: pick(
            stage.lang,
            "us and mx have keys and databases of their own, compared fingerprints and confirmed each other",
            "us y mx tienen claves y bases de datos propias, compararon sus huellas y se confirmaron",
        )
        .to_owned(),
        details: vec![
            format!("{} mx  {digits}", pick(stage.lang, "fingerprint of", "huella de")),
            format!("{} us  {words}", pick(stage.lang, "fingerprint of", "huella de")),
        ],
        facts: json!({
            "us": { "root": made_us.root, "fingerprint": made_us.fingerprint },
            "mx": { "root": made_mx.root, "fingerprint": made_mx.fingerprint },
        }),
    })
}

/// Makes a node that cosigns what no receipt did after a second: nobody wants to look at a demonstration for longer.
pub(super) async fn make(party: &Party, name: &str) -> Result<Made> {
    let made = party
        .ask(["init", "--handle", party.handle, "--name", name, "--exercise"])
        .args(["--link-listen", &party.link.to_string(), "--api-listen", &party.api.to_string()])
        .lang(party.lang)
        .json()
        .await?;
    party.configure("checkpoint_after_s", "1")?;
    Ok(made)
}

pub(super) async fn export(party: &Party) -> Result<()> {
    party.ask(["party", "export", "--out", &party.file("descriptor")]).done().await
}

/// `here` takes in the descriptor of `there` and confirms it by what was read to it.
pub(super) async fn meet(here: &Party, there: &Party, made: &Made, read: &str) -> Result<()> {
    let seen: Imported = here.ask(["party", "import", &there.file("descriptor")]).json().await?;
    if seen.root != made.root || seen.fingerprint != made.fingerprint || seen.confirmed {
        let message = format!(
            "`{}` sees another fingerprint of `{}`, or took it as confirmed",
            here.handle, there.handle
        );
        return Err(DemoError::story(message));
    }
    let answer: Confirmed =
        here.ask(["party", "confirm", there.handle, "--fingerprint", read]).json().await?;
    if answer.confirmed {
        Ok(())
    } else {
        Err(DemoError::story(format!("`{}` did not confirm `{}`", here.handle, there.handle)))
    }
}
