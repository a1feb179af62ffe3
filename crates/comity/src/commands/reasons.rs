//! On what an act rests and why it was done, as people read it.

use comity_exchange::{Node, agreement};
use comity_model::{AgreementId, Grounds};
use comity_policy::GivenReason;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::short;

/// The reasons that the versions of an agreement list, with their texts.
#[derive(Debug, Clone)]
pub(crate) struct Reasons(Vec<GivenReason>);

impl Reasons {
    /// Those of every version that is here, the newest first.
    pub(crate) async fn of(node: &Node, id: AgreementId) -> Result<Self, CliError> {
        let mut versions = node.store().agreements().await?;
        versions.retain(|it| it.reference.id == id);
        versions.sort_by_key(|it| std::cmp::Reverse(it.reference.version));
        let mut listed = Vec::new();
        for version in versions {
            listed.extend(agreement::read(&version.text, "the stored agreement")?.reasons);
        }
        Ok(Self(listed))
    }

    /// The agreement's texts for reasons, in the reader's language; the id where it has none.
    pub(crate) fn texts(&self, lang: Lang, ids: &[String]) -> String {
        let text = |id: &String| {
            let found = self.0.iter().find(|it| it.id == *id);
            found.map_or_else(|| id.clone(), |it| lang.pick(&it.en, &it.es).to_owned())
        };
        ids.iter().map(text).collect::<Vec<_>>().join("; ")
    }
}

/// The lines that say on what an act rests and why it was done; none for what has no grounds.
pub(crate) fn grounds_lines(
    ctx: &Ctx,
    grounds: &Grounds,
    listed: &Reasons,
) -> Vec<(&'static str, String)> {
    let lines = [
        (ctx.say("legal basis", "fundamento"), grounds.legal_basis.join("; ")),
        (ctx.say("reasons", "motivación"), listed.texts(ctx.lang, &grounds.reasons)),
    ];
    let lines = lines.into_iter().filter(|(_, text)| !text.is_empty());
    lines.map(|(label, text)| (label, short(&text, 300))).collect()
}
