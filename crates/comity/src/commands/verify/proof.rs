//! What a file of evidence proves, for programs; [`said`] has it for people.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use comity_exchange::evidence::{
    Approved, Evidence, FORMAT, Flaw, Known, Missing, Party, Place, Proof, Revocation,
    check_beside, content,
};
use comity_model::statement::{AgreementRef, Outcome};
use comity_model::{Digest, Folio, Grounds, PartyRoot};
use comity_pouch::descriptor::Verified;
use jiff::Timestamp;
use serde::Serialize;

use super::{Args, Judged, Pinned, flaws, verdict};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::files;

mod said;

/// The answer for programs.
#[derive(Serialize)]
struct Body {
    format: &'static str,
    verdict: &'static str,
    proof: ProofBody,
}

#[derive(Serialize)]
struct ProofBody {
    from: PartyBody,
    to: PartyBody,
    kind: &'static str,
    statement: Digest,
    agreement: AgreementRef,
    issued_at: Timestamp,
    place: PlaceBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<ReleaseBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    says: Vec<(String, String)>,
    /// Whether the clause was checked by the agreement's text.
    agreement_checked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptBody>,
    missing: Vec<&'static str>,
    /// Whether a key that signed was taken back.
    revoked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<ContentBody>,
}

#[derive(Serialize)]
struct PartyBody {
    root: PartyRoot,
    handle: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pinned_as: Option<String>,
    test: bool,
}

#[derive(Serialize)]
struct PlaceBody {
    log: String,
    epoch: u32,
    sequence: u64,
    size: u64,
    root: Digest,
    cosigned_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct ReleaseBody {
    folio: Folio,
    clause: String,
    purpose: String,
    grounds: Grounds,
    objects: u64,
    redacted: u64,
    root: Digest,
    composed_at: Timestamp,
    approvals: Vec<ApprovalBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    officers_demanded: Option<usize>,
}

#[derive(Serialize)]
struct ApprovalBody {
    officer: String,
    office: String,
    at: Timestamp,
    standing: bool,
}

#[derive(Serialize)]
struct ReceiptBody {
    statement: Digest,
    received_at: Timestamp,
    issued_at: Timestamp,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    admitted: u64,
    refused: u64,
    place: PlaceBody,
}

/// What lay beside the file.
#[derive(Serialize)]
struct ContentBody {
    checked: Vec<String>,
    not_given: Vec<String>,
}

/// Checks a file, and what lies beside it, and says what it proves.
pub(super) fn judge(
    ctx: &Ctx,
    file: &[u8],
    args: &Args,
    descriptors: &[Verified],
) -> Result<Judged, CliError> {
    let roots = verdict::roots(&args.roots);
    let agreement = args.agreement.as_deref().map(files::read).transpose()?;
    let checked = Evidence::parse(file).map_err(Flaw::from).and_then(|evidence| {
        let known = Known { roots: &roots, agreement: agreement.as_deref(), descriptors };
        let proof = check_beside(&evidence, &known)?;
        Ok((evidence, proof))
    });
    let (evidence, proof) = match checked {
        Ok(found) => found,
        Err(flaw) => return flaws::broken(ctx.lang, FORMAT, &flaw),
    };
    let beside = match beside(&evidence, &args.with)? {
        Ok(beside) => beside,
        Err(flaw) => return flaws::broken(ctx.lang, FORMAT, &flaw),
    };
    let (verdict, exit) = if proof.is_whole() {
        verdict::judged(proof.is_pinned(), proof.revocation)
    } else {
        ("incomplete", Exit::Refused)
    };
    let text = said::text(ctx.lang, &proof, &args.roots, beside.as_ref());
    let proof_body = body(&proof, &args.roots, beside);
    let body = Body { format: FORMAT, verdict, proof: proof_body };
    let judged = Judged::new(&body, text, exit)?;
    Ok(Judged { proof: Some(Box::new(proof)), ..judged })
}

/// Checks the parts that were given, by the names of the files.
fn beside(
    evidence: &Evidence,
    paths: &[PathBuf],
) -> Result<Result<Option<ContentBody>, Flaw>, CliError> {
    if paths.is_empty() {
        return Ok(Ok(None));
    }
    let mut opened: Vec<(String, File)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let names = evidence.part_names();
            let before = opened.len();
            for name in &names {
                let inside = path.join(name);
                if inside.is_file() {
                    opened.push((name.clone(), files::open(&inside)?.0));
                }
            }
            if opened.len() == before {
                return Err(none_of(path, &names.join(", ")));
            }
        } else {
            let name = path.file_name().unwrap_or_default();
            opened.push((name.to_string_lossy().into_owned(), files::open(path)?.0));
        }
    }
    let given = opened
        .iter()
        .map(|(name, file)| (name.as_str(), Box::new(file) as Box<dyn Read + '_>))
        .collect();
    Ok(content::check(evidence, given).map(|not_given| {
        let checked = opened.iter().map(|(name, _)| name.clone()).collect();
        Some(ContentBody { checked, not_given })
    }))
}

fn none_of(path: &Path, names: &str) -> CliError {
    let path = path.display();
    CliError::usage(
        format!("`{path}` has no file that belongs to this statement; its parts are: {names}"),
        format!("`{path}` no tiene ningún archivo de esta declaración; sus partes son: {names}"),
    )
}

/// What the reader calls a party.
fn pinned_as(pinned: &[Pinned], party: &Party) -> Option<String> {
    verdict::pinned_as(pinned, party.root).map(ToString::to_string)
}

fn body(proof: &Proof, pinned: &[Pinned], content: Option<ContentBody>) -> ProofBody {
    let party = |it: &Party| PartyBody {
        root: it.root,
        handle: it.handle.to_string(),
        name: it.name.clone(),
        pinned_as: pinned_as(pinned, it),
        test: it.test,
    };
    let place = |it: &Place| PlaceBody {
        log: it.channel.origin(),
        epoch: it.channel.epoch,
        sequence: it.sequence,
        size: it.size,
        root: it.root,
        cosigned_at: it.cosigned_at,
    };
    let approval = |it: &Approved| ApprovalBody {
        officer: it.officer.to_string(),
        office: it.office.clone(),
        at: it.at,
        standing: it.standing,
    };
    ProofBody {
        from: party(&proof.from),
        to: party(&proof.to),
        kind: proof.kind.as_str(),
        statement: proof.statement,
        agreement: proof.agreement,
        issued_at: proof.issued_at,
        place: place(&proof.place),
        release: proof.release.as_ref().map(|it| ReleaseBody {
            folio: it.folio.clone(),
            clause: it.clause.clone(),
            purpose: it.purpose.clone(),
            grounds: it.grounds.clone(),
            objects: it.objects,
            redacted: it.redacted,
            root: it.root,
            composed_at: it.composed_at,
            approvals: it.approvals.iter().map(approval).collect(),
            officers_demanded: proof.agreed.as_ref().map(|it| it.officers),
        }),
        says: proof.says.clone(),
        agreement_checked: proof.agreed.is_some(),
        receipt: proof.receipt.as_ref().map(|it| ReceiptBody {
            statement: it.statement,
            received_at: it.received_at,
            issued_at: it.issued_at,
            outcome: it.outcome,
            code: it.code.clone(),
            admitted: it.admitted,
            refused: it.refused,
            place: place(&it.place),
        }),
        missing: proof.missing.iter().map(|it| Missing::as_str(*it)).collect(),
        revoked: proof.revocation != Revocation::None,
        content,
    }
}
