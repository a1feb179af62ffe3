//! Two nodes that know each other and have an agreement.

use std::path::Path;

use comity_exchange::ports::Clock as _;
use comity_model::PartyRoot;
use comity_model::statement::AgreementRef;
use comity_testkit::AgreementText;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan as _};
use serde_json::Value;
use tempfile::TempDir;

use super::{Node, SystemClock, until};

/// What is different in a pair of nodes.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    /// Live nodes under passphrases, not training nodes.
    pub(crate) live: bool,
    /// The first day of the agreement, from today.
    pub(crate) from: Span,
    /// The last day of the agreement, from today.
    pub(crate) until: Span,
}

impl Default for Terms {
    fn default() -> Self {
        Self { live: false, from: -30.days(), until: 300.days() }
    }
}

/// Two nodes, `us` and `mx`, in a folder that goes when they are dropped.
#[derive(Debug)]
pub(crate) struct TwoNodes {
    /// The first.
    pub(crate) us: Node,
    /// The second.
    pub(crate) mx: Node,
    /// The agreement that both signed.
    pub(crate) agreement: AgreementRef,
    folder: TempDir,
}

impl TwoNodes {
    /// Two training nodes with an agreement in force.
    pub(crate) async fn new() -> Self {
        Self::with(Terms::default()).await
    }

    /// Two nodes that exchanged their descriptors, confirmed each other by the fingerprint that the other
    /// one's owner was shown, and signed an agreement.
    pub(crate) async fn with(terms: Terms) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let (us, mx) =
            tokio::join!(Node::init(path, "us", terms.live), Node::init(path, "mx", terms.live));
        let (us_root, mx_root) = tokio::join!(meet(&mx, &us), meet(&us, &mx));
        let agreement = agree(path, &us, &mx, &terms, (us_root, mx_root)).await;
        Self { us, mx, agreement, folder }
    }

    /// The folder of both.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives `us` an officer and so many indicators, and gives their ids.
    pub(crate) async fn stock(&self, count: u64) -> Vec<String> {
        let lines = comity_testkit::indicators(0..count);
        std::fs::write(self.folder().join("objects.jsonl"), &lines).unwrap();
        self.us.ok("import objects.jsonl --strict").await;
        let open = if self.us_is_live() { "" } else { "--no-passphrase" };
        let officer =
            if self.us_is_live() { "--officer-passphrase-file us.passphrase" } else { "" };
        self.us.ok(&format!("officer add officer-1 --office release-desk {open} {officer}")).await;
        let id = |line: &str| {
            let object: Value = serde_json::from_str(line).unwrap();
            object["id"].as_str().unwrap().to_owned()
        };
        lines.lines().map(id).collect()
    }

    fn us_is_live(&self) -> bool {
        self.folder().join("us.passphrase").exists()
    }

    /// Composes, approves and seals a release of `us` to `mx`, and gives its folio.
    pub(crate) async fn release(&self, objects: &[String]) -> String {
        let folio = self.compose(objects).await;
        self.us.ok(&format!("release approve {folio} --as officer-1")).await;
        self.us.ok(&format!("release send {folio}")).await;
        folio
    }

    /// Composes only.
    pub(crate) async fn compose(&self, objects: &[String]) -> String {
        let composed = self.us.ok(&composing(objects)).await;
        composed["folio"].as_str().unwrap().to_owned()
    }

    /// Waits until a release of `us` is settled.
    pub(crate) async fn settled(&self, folio: &str) -> Value {
        until(&format!("{folio} is settled"), async || {
            let shown = self.us.ok(&format!("release show {folio}")).await;
            (shown["state"] == "settled").then_some(shown)
        })
        .await
    }
}

/// The command that composes a release of these objects.
pub(crate) fn composing(objects: &[String]) -> String {
    let objects = objects.join(" ");
    format!("release compose --to mx --clause {} --object {objects}", comity_testkit::CLAUSE)
}

/// `here` takes in the descriptor of `there` and confirms it by what the owner of `there` reads out.
pub(crate) async fn meet(here: &Node, there: &Node) -> PartyRoot {
    let seen = here.ok(&format!("party import {}.descriptor", there.handle)).await;
    assert_eq!(seen["confirmed"], false);
    let own = there.ok("status").await;
    assert_eq!(seen["root"], own["root"]);
    let digits: Vec<&str> = seen["fingerprint"]["digits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it.as_str().unwrap())
        .collect();
    let confirm = ["party", "confirm", there.handle, "--json", "--fingerprint", &digits.join(" ")];
    let confirmed = here.command(&confirm).output().await.unwrap();
    assert!(confirmed.status.success(), "{confirmed:?}");
    own["root"].as_str().unwrap().parse().unwrap()
}

async fn agree(
    folder: &Path,
    us: &Node,
    mx: &Node,
    terms: &Terms,
    (us_root, mx_root): (PartyRoot, PartyRoot),
) -> AgreementRef {
    let today: Date = SystemClock.now().to_zoned(TimeZone::UTC).date();
    let text = AgreementText {
        from: (today + terms.from).to_string(),
        until: (today + terms.until).to_string(),
        ..AgreementText::default()
    };
    std::fs::write(folder.join("agreement.toml"), text.toml(us_root, mx_root)).unwrap();
    us.ok("agreement sign agreement.toml --out us.agreement").await;
    mx.ok("agreement sign us.agreement --out mx.agreement").await;
    let signed = us.ok("agreement import mx.agreement").await;
    assert_eq!(
        (&signed["signed_here"], &signed["signed_by_partner"]),
        (&true.into(), &true.into())
    );
    AgreementRef {
        id: signed["id"].as_str().unwrap().parse().unwrap(),
        version: 1,
        digest: signed["digest"].as_str().unwrap().parse().unwrap(),
    }
}
