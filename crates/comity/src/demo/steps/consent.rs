//! What came from a partner goes to a third party only with the partner's consent, asked for and given on the record.

use serde_json::json;

use super::acquaint::{export, make, meet};
use super::pick;
use crate::demo::answers::{Asked, Consent, Line, Made, Previewed, Reason, Signed, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

const TEXT: &str = "mx-ca.toml";
/// The clause of `mx` to `ca` in the drafted agreement, and what for.
const PURPOSE: &str = "precursor-control";
/// Why `us` lets it go.
const REASON: &str = "within-purpose";
/// Why `us` takes that back.
const WITHDRAWN: &str = "under-review";
/// Why `mx` asks.
const ASKED: &str = "El destinatario final se encuentra en el territorio de la tercera parte.";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx, ca) = (&stage.us, &stage.mx, &stage.ca);
    let clause = befriend(stage).await?;
    let object = stage.examples.story.passes.iter().find(|it| it.starts_with("consignment--"));
    let object = object.ok_or_else(|| DemoError::story("no consignment passes"))?.as_str();
    let before = compose(mx, ca, &clause, object).await?;
    let rule = before.reasons.iter().find(|it| it.code == "third-party");
    let rule: &Reason = match (before.verdict, rule) {
        (Verdict::Withheld, Some(rule)) => rule,
        _ => return Err(DemoError::story(format!("{object} went on without consent"))),
    };
    let asked: Asked = mx
        .ask(["consent", "ask", "--object", object, "--third-party", ca.handle])
        .args(["--purpose", PURPOSE, "--text", ASKED, "--by", mx.analyst])
        .json()
        .await?;
    let folio = asked
        .asked
        .into_iter()
        .next()
        .ok_or_else(|| DemoError::story("no consent was asked for"))?
        .folio;
    stands(us, &folio, "open").await?;
    us.ask(["consent", "answer", &folio, "--grant", "--reason", REASON, "--by", us.analyst])
        .done()
        .await?;
    stands(mx, &folio, "granted").await?;
    let after = compose(mx, ca, &clause, object).await?;
    if after.verdict == Verdict::Withheld {
        return Err(DemoError::story(format!("{object} stays although us consented")));
    }
    us.ask(["consent", "answer", &folio, "--withdraw", "--reason", WITHDRAWN, "--by", us.analyst])
        .done()
        .await?;
    stands(mx, &folio, "withdrawn").await?;
    if compose(mx, ca, &clause, object).await?.verdict != Verdict::Withheld {
        return Err(DemoError::story(format!("{object} goes although us withdrew its consent")));
    }
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "{folio}: mx may give nothing of us to a third party; it asks for one object, us consents, and only now it goes; us withdraws, and it stays"
            ),
            format!(
                "{folio}: mx no puede dar a un tercero nada de us; pide autorización para un objeto, us la otorga, y solo entonces procede; us la retira, y deja de proceder"
            ),
        ),
        details: vec![rule.text.clone()],
        facts: json!({
            "consent": folio,
            "object": object,
            "before": rule.code,
            "after": "granted",
            "end": "withdrawn",
        }),
    })
}

/// A third party is made, known to `mx`, and both sign an agreement. Gives the clause of `mx`.
async fn befriend(stage: &Stage) -> Result<String> {
    let (mx, ca) = (&stage.mx, &stage.ca);
    let made: Made = make(ca, "Example authority of ca").await?;
    export(ca).await?;
    let digits = made.fingerprint.digits.join(" ");
    meet(mx, ca, &made, &digits).await?;
    ca.ask(["party", "import", &mx.file("descriptor")]).done().await?;
    ca.ask(["party", "confirm", mx.handle, "--fingerprint", &mx.root]).done().await?;
    let clause = format!("from-{}", mx.handle);
    stage.folder.write(TEXT, &text(stage, &made.root, &clause))?;
    let (by_mx, by_both) = ("mx-ca.mx.agreement", "mx-ca.ca.agreement");
    mx.ask(["agreement", "sign", TEXT, "--out", by_mx]).done().await?;
    ca.ask(["agreement", "sign", by_mx, "--out", by_both]).done().await?;
    let signed: Signed = mx.ask(["agreement", "import", by_both]).json().await?;
    if signed.state != "in-force" {
        return Err(DemoError::story("mx and ca have no agreement in force"));
    }
    Ok(clause)
}

/// The agreement of `mx` and `ca`: the kind of object that the story passes on, and nothing else.
fn text(stage: &Stage, ca_root: &str, clause: &str) -> String {
    format!(
        "[agreement]\nid = \"agreement--{}\"\nversion = 1\ntitle = \"Example agreement with a third party\"\n\
         language = \"comity-agreement/1\"\nscope = [\"intelligence\"]\nlegal_basis = []\n\
         in_force = {{ from = {today}, until = {until} }}\n\n\
         [parties.mx]\nroot = \"{}\"\n\n[parties.ca]\nroot = \"{ca_root}\"\n\n\
         [[clause]]\nid = \"{clause}\"\nfrom = \"mx\"\nto = \"ca\"\npurposes = [\"{PURPOSE}\"]\n\
         kinds = [\"consignment\"]\nmax_tlp = \"amber+strict\"\nonward = \"never\"\n\
         use = [\"intelligence-only\"]\nretention_days = 30\napproval = \"two-person\"\n",
        uuid::Uuid::new_v4(),
        stage.mx.root,
        today = stage.today,
        until = stage.today.saturating_add(jiff::ToSpan::year(1)),
    )
}

/// What would become of one object of `us` in a release of `mx` to `ca`.
async fn compose(mx: &Party, ca: &Party, clause: &str, object: &str) -> Result<Line> {
    let previewed: Previewed = mx
        .ask(["release", "preview", "--to", ca.handle, "--clause", clause])
        .args(["--purpose", PURPOSE, "--object", object])
        .json()
        .await?;
    let line = previewed.preview.into_iter().find(|it| it.id == object);
    line.ok_or_else(|| DemoError::story(format!("nothing was decided about {object}")))
}

/// Waits until the consent with this folio stands so at a party.
async fn stands(party: &Party, folio: &str, state: &str) -> Result<()> {
    let what = format!("{folio} to be `{state}` at `{}`", party.handle);
    until(what, async || {
        let consent: Option<Consent> = party.ask(["consent", "show", folio]).found().await?;
        Ok(consent.filter(|it| it.state == state).map(|_| ()))
    })
    .await
}
