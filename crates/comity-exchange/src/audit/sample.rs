//! Files to examine, chosen so that nobody steers the choice.

use comity_model::{Digest, Digester, Folio, PartyRoot};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::lost::{Lost, lost};
use crate::access::{Area, Reader, Verb, record_as};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::MatterQuery;
use crate::record;

/// A file that an inspectorate can ask to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drawn {
    /// `release`, or what kind of matter.
    pub kind: String,
    /// By which it is asked for.
    pub folio: Folio,
    /// Its id.
    pub id: String,
    /// The other party.
    pub partner: PartyRoot,
    /// When it was composed, or opened.
    pub at: Timestamp,
}

/// Where a seed comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeedFrom {
    /// Whoever asked gave it.
    Given,
    /// It is made of the roots of partners' own logs, which this node consumed and cosigned and cannot write.
    PartnersLogs,
    /// It is made of the roots of this node's own logs, which partners cosigned: this node wrote every leaf of them.
    OwnLogs,
}

/// What was drawn, and from what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// With it anybody draws the same from the same files.
    pub seed: String,
    /// Where the seed comes from: how far somebody here could have steered it.
    pub seed_from: SeedFrom,
    /// How many files there were.
    pub among: usize,
    /// Those drawn, in the order of the draw.
    pub drawn: Vec<Drawn>,
    /// What was not among them, because this node lost it.
    #[serde(skip_serializing_if = "Lost::is_empty")]
    pub lost: Lost,
}

/// Draws `count` files of all releases that were sent and all matters, and notes it in the journal. A file's place in the draw is
/// SHA-256 of the seed, a line feed and its id: whoever has the seed and the ids draws again. Without a seed it is the
/// digest over the roots of the partners' own logs that this node cosigned last: every leaf there is the digest of a
/// statement with fresh randomness of the partner's, so that the authority cannot try bytes of its own until it likes the
/// draw. Where it has cosigned none, it is that over its own logs as partners cosigned them, and [`Sample::seed_from`]
/// says so.
///
/// # Errors
/// [`ExchangeError::Refused`] with `nothing-cosigned` where no seed is given and nobody has cosigned anything.
pub async fn sample(
    node: &Node,
    count: usize,
    seed: Option<String>,
    reader: &Reader,
) -> Result<Sample> {
    let (seed, seed_from) = match seed {
        Some(seed) => (seed, SeedFrom::Given),
        None => cosigned_seed(node).await?,
    };
    let all = files(node).await?;
    let among = all.len();
    let drawn = draw(all, &seed, count);
    let folios: Vec<&Folio> = drawn.iter().map(|it| &it.folio).collect();
    let details = json!({ "seed": seed, "among": among });
    let access = reader.access(node, Verb::Searched, Area::Audit, folios);
    record_as(node, reader, &access, "audit-sampled", &among.to_string(), details).await?;
    let lost = lost(node, None).await?;
    Ok(Sample { seed, seed_from, among, drawn, lost })
}

fn draw(mut files: Vec<Drawn>, seed: &str, count: usize) -> Vec<Drawn> {
    files.sort_by_cached_key(|it| {
        let mut digester = Digester::new();
        digester.update(seed.as_bytes());
        digester.update(b"\n");
        digester.update(it.id.as_bytes());
        digester.finish()
    });
    files.truncate(count);
    files
}

/// SHA-256 over the names of the channels from partners, in their order, with the size and the root that were cosigned last,
/// a line each; where there is none, over those of the channels to partners.
async fn cosigned_seed(node: &Node) -> Result<(String, SeedFrom)> {
    let (mut theirs, mut own) = (Vec::new(), Vec::new());
    for channel in node.store().channels().await? {
        if let Some(cosigned) = record::view(node, channel).await?.cosigned {
            let root = Digest::from_bytes(cosigned.root);
            let lines = if channel.from == node.root() { &mut own } else { &mut theirs };
            lines.push(format!("{} {} {root}\n", channel.origin(), cosigned.size));
        }
    }
    let (mut lines, from) =
        if theirs.is_empty() { (own, SeedFrom::OwnLogs) } else { (theirs, SeedFrom::PartnersLogs) };
    if lines.is_empty() {
        let message = "nothing is cosigned yet from which to draw; give a seed with --seed";
        return Err(ExchangeError::refused("nothing-cosigned", message));
    }
    lines.sort();
    Ok((Digest::of(lines.concat().as_bytes()).to_string(), from))
}

/// Every release that was sent, and every matter.
async fn files(node: &Node) -> Result<Vec<Drawn>> {
    let mut files = Vec::new();
    for row in node.store().releases(u32::MAX).await? {
        if row.statement.is_some() {
            files.push(Drawn {
                kind: "release".to_owned(),
                folio: row.record.folio,
                id: row.record.release.to_string(),
                partner: row.record.to,
                at: row.record.composed_at,
            });
        }
    }
    let query = MatterQuery { limit: u32::MAX, ..MatterQuery::default() };
    for row in node.store().matters(query).await? {
        let Some(first) = row.entries.first() else { continue };
        files.push(Drawn {
            kind: first.said.body.kind().as_str().to_owned(),
            folio: first.said.body.folio().clone(),
            id: row.id.to_string(),
            partner: if row.opener == node.root() { row.other } else { row.opener },
            at: first.said.at,
        });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(number: u32) -> Drawn {
        Drawn {
            kind: "release".to_owned(),
            folio: "US-2026-000001".parse().unwrap(),
            id: format!("release--{number}"),
            partner: PartyRoot::new(Digest::of(b"mx")),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    proptest! {
        #[test]
        fn the_draw_hangs_on_the_seed_and_the_files_alone(
            (mut numbers, shuffled) in proptest::collection::btree_set(any::<u32>(), 0..30)
                .prop_map(|it| it.into_iter().collect::<Vec<_>>())
                .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
            seed in ".{0,20}", count in 0usize..40,
        ) {
            let drawn = draw(numbers.drain(..).map(file).collect(), &seed, count);
            let again = draw(shuffled.into_iter().map(file).collect(), &seed, count);
            prop_assert_eq!(&drawn, &again);
            // a longer draw begins with the shorter one, so that nobody chooses a convenient length
            let fewer = draw(drawn.clone(), &seed, count / 2);
            prop_assert_eq!(&drawn[..fewer.len()], &fewer[..]);
        }
    }
}
