//! Opening a commitment: the owner shows an outsider from which object a derivative was made, and the outsider checks it
//! with no node and no network (docs/protocol.md sections 6 and 9).

use comity_model::told;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};

use comity_log::{Frontier, Hash, inclusion_proof, leaf_hash};
use comity_model::derivative::{derived_id, opening_of};
use comity_model::opening::{Contents, Opening, commitment_of};
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::{Digest, Holding, ManifestLine, ReleaseRecord};
use comity_pouch::Envelope;
use serde_json::json;

use crate::descriptor;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::parts;
use crate::ports::{BlobError, Blobs, PreviewLine, ReleaseRow, StoredPart, Verdict};

mod check;

pub use check::{Flaw, Proof, check, check_beside};

/// What was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The file.
    pub file: Vec<u8>,
    /// The original's id.
    pub original: String,
    /// The version of it.
    pub version: String,
    /// The derivative's id.
    pub derivative: String,
}

/// Opens the commitment to the original of one object of a release of this party. `object` is the id of the original or
/// of the derivative. Refused are a release that was not signed (`release-not-sent`), one whose parts were purged
/// (`parts-purged`), an object that went as it is (`not-a-derivative`) and one whose original is no longer held
/// (`original-gone`). Either way it leaves a journal line and nothing else.
pub async fn open(node: &Node, release: &ReleaseRow, object: &str, by: &str) -> Result<Opened> {
    let opened = opened(node, release, object).await;
    let folio = &release.record.folio;
    let (event, details) = match &opened {
        Ok(it) => {
            let file = Digest::of(&it.file);
            let details = json!({ "object": it.original, "version": it.version, "derivative": it.derivative, "file": file });
            ("release-opened", details)
        }
        Err(error) => ("release-open-refused", json!({ "object": object, "code": error.code() })),
    };
    node.store().journal(vec![node.journal_by(by, event, folio, details)]).await?;
    opened
}

async fn opened(node: &Node, release: &ReleaseRow, object: &str) -> Result<Opened> {
    let folio = &release.record.folio;
    let secret = node.keys()?.derivative_secret(release.record.agreement.id);
    let not_sent = || {
        let message = told!("the release {folio} was not sent; there is nothing to open", folio);
        ExchangeError::refused("release-not-sent", message)
    };
    let statement = release.statement.ok_or_else(not_sent)?;
    let row = node.store().outbound(statement).await?.ok_or_else(not_sent)?;
    let envelope = row.envelope.ok_or_else(not_sent)?;
    // the one that judges the statement at its place, whatever took its place since
    let judge = descriptor::in_force(node, row.channel, row.sequence.unwrap_or_default()).await?;

    let preview = node.store().preview(release.record.release).await?;
    let as_it_is = |line: &PreviewLine| line.verdict == Verdict::Released && line.id == object;
    if preview.iter().any(as_it_is) {
        return Err(went_as_it_is(object));
    }
    let found = preview.iter().map(|line| (&line.id, derived_id(&secret, &line.id)));
    let (original, derivative) = found
        .into_iter()
        .find(|(original, derived)| *original == object || derived == object)
        .map(|(original, derived)| (original.clone(), derived))
        .ok_or_else(|| ExchangeError::NotFound {
            what: "object in the release",
            name: object.to_owned(),
            advice: "`comity release show` lists its objects",
        })?;
    let stored =
        node.store().derivatives(release.record.agreement.id, vec![original.clone()]).await?;
    let versions = node.store().holding_versions(original.clone()).await?;

    let (record, parts) = (release.record.clone(), release.parts.clone());
    let (blobs, wanted) = (node.clone(), derivative.clone());
    let sent = blocking(move || find(&record, &parts, &**blobs.blobs(), &wanted)).await?;
    let Some(commitment) = sent.commitment else { return Err(went_as_it_is(object)) };
    let openings: Vec<[u8; 32]> = stored.iter().map(|it| it.opening).collect();
    let (holding, opening) =
        made_from(&versions, &openings, &secret, &commitment).ok_or_else(|| {
            let message = told!("the version of `{original}` from which the derivative was made is no longer held; it can't be shown", original);
            ExchangeError::refused("original-gone", message)
        })?;
    let file = Opening::new(Contents {
        descriptor: in_one_form(judge.envelope.as_bytes())?,
        statement: in_one_form(&envelope)?,
        line: text(sent.line)?,
        derivative: text(sent.object)?,
        original: text(holding.bytes.clone())?,
        opening,
        path: sent.path,
    })
    .to_bytes()
    .map_err(ExchangeError::damaged)?;
    Ok(Opened { file, version: holding.version.clone(), original, derivative })
}

fn went_as_it_is(object: &str) -> ExchangeError {
    let message = told!("`{object}` went as it is; there is no commitment to open", object);
    ExchangeError::refused("not-a-derivative", message)
}

/// An object as it was sent.
struct Sent {
    line: Vec<u8>,
    object: Vec<u8>,
    commitment: Option<Digest>,
    path: Vec<Digest>,
}

/// Finds an object among the stored parts of a release, which must be those that were sent, and its path to the root.
fn find(
    record: &ReleaseRecord,
    stored: &[StoredPart],
    blobs: &dyn Blobs,
    id: &str,
) -> Result<Sent> {
    let purged = || {
        let message = told!(
            "the parts of the release {folio} were purged; what was sent is no longer here to be shown",
            folio = record.folio
        );
        ExchangeError::refused("parts-purged", message)
    };
    let part = |name: &str| {
        let part = stored.iter().find(|part| part.name == name);
        part.filter(|part| !parts::is_emptied(part)).ok_or_else(purged)
    };
    let reader = |name: &str| match parts::open(part(name)?, blobs) {
        Ok(reader) => Ok(BufReader::with_capacity(256 * 1024, reader)),
        Err(BlobError::Missing(_)) => Err(purged()),
        Err(error) => Err(error.into()),
    };
    let (mut manifest, mut objects) = (reader(MANIFEST)?, reader(OBJECTS)?);
    parts::check_release(record, stored, blobs)?;

    let mut nodes: BTreeMap<(u8, u64), Hash> = BTreeMap::new();
    let (mut frontier, mut found) = (Frontier::new(), None);
    for number in 1..=record.objects {
        let mut line = Vec::new();
        manifest.read_until(b'\n', &mut line).map_err(BlobError::from)?;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let parsed = ManifestLine::parse(&line, number).map_err(ExchangeError::damaged)?;
        let mut object = Vec::new();
        let size = parsed.size.saturating_add(1);
        (&mut objects).take(size).read_to_end(&mut object).map_err(BlobError::from)?;
        object.pop();
        let leaf = parsed.commitment_to(&line, &object).map_err(ExchangeError::damaged)?;
        frontier
            .append(leaf_hash(leaf.as_bytes()), |level, index, hash| {
                nodes.insert((level, index), hash);
            })
            .map_err(ExchangeError::damaged)?;
        if parsed.id == id {
            found = Some((parsed.index, parsed.commitment, line, object));
        }
    }
    let (index, commitment, line, object) = found.ok_or_else(|| {
        let message = told!(
            "`{id}` did not go with the release {folio}; `comity release show` says why",
            id,
            folio = record.folio
        );
        ExchangeError::refused("not-a-derivative", message)
    })?;
    let path = inclusion_proof(index, record.objects, &nodes).map_err(ExchangeError::damaged)?;
    Ok(Sent { line, object, commitment, path: path.into_iter().map(Digest::from_bytes).collect() })
}

/// The version from which the derivative was made, newest first, with what opens the commitment to it.
fn made_from<'h>(
    versions: &'h [Holding],
    stored: &[[u8; 32]],
    secret: &[u8; 32],
    commitment: &Digest,
) -> Option<(&'h Holding, [u8; 32])> {
    versions.iter().rev().find_map(|holding| {
        let own = opening_of(secret, &holding.bytes);
        let openings = stored.iter().copied().chain([own]);
        let mut fits = openings.filter(|it| commitment_of(it, &holding.bytes) == *commitment);
        fits.next().map(|opening| (holding, opening))
    })
}

fn in_one_form(envelope: &[u8]) -> Result<String> {
    text(Envelope::parse(envelope).map_err(ExchangeError::damaged)?.in_order().to_json())
}

fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(ExchangeError::damaged)
}
