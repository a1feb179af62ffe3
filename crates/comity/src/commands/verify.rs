//! `comity verify`: what files of evidence prove. It needs no node, no network and no data folder.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use comity_exchange::evidence::{self, Proof, contradictions};
use comity_model::{Handle, PartyRoot, opening as format};
use comity_pouch::descriptor::Verified;
use serde::Serialize;
use serde_json::{Value, json};

use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::files;
use crate::output::Reply;

mod beside;
pub(crate) mod descriptors;
mod flaws;
mod opening;
mod proof;
mod report;
mod twice;
pub(crate) mod verdict;

/// What is checked, and whom the reader trusts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The files of evidence; exits with 1 when something in one does not hold or is missing, or a root is not pinned
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// A party's root as you know it for certain, under a name of your own: us=sha256:...; may be given several times
    #[arg(long = "root", value_name = "HANDLE=ROOT")]
    roots: Vec<Pinned>,
    /// Parts of the statement to check as well: files called as in the statement (manifest.jsonl, objects.jsonl), or a folder of them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    with: Vec<PathBuf>,
    /// The agreement that both signed, where the evidence was written without it; another than that in the file is refused
    #[arg(long, value_name = "FILE")]
    agreement: Option<PathBuf>,
    /// A descriptor that is not in the file, as `party export` writes it, such as a later one that revokes a key; may be given
    /// several times
    #[arg(long = "descriptor", value_name = "FILE", requires = "roots")]
    descriptors: Vec<PathBuf>,
    /// Print the document inside the file and check nothing
    #[arg(long, conflicts_with_all = ["with", "agreement", "descriptors"])]
    show: bool,
}

/// A root that the reader trusts.
#[derive(Debug, Clone)]
pub(crate) struct Pinned {
    /// What the reader calls the party.
    pub(crate) handle: Handle,
    /// The party.
    pub(crate) root: PartyRoot,
}

impl FromStr for Pinned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (handle, root) = text.split_once('=').ok_or("us=sha256:...")?;
        let handle = handle.parse().map_err(|error: comity_model::IdError| error.to_string())?;
        let root = root.parse().map_err(|error: comity_model::IdError| error.to_string())?;
        Ok(Self { handle, root })
    }
}

/// What was found out about one file.
struct Judged {
    /// For programs.
    body: Value,
    /// For people.
    text: String,
    /// Whether everything holds, nothing is missing and the roots are pinned.
    exit: Exit,
    /// What it proves, where it is evidence that holds.
    proof: Option<Box<Proof>>,
}

impl Judged {
    fn new(body: &impl Serialize, text: String, exit: Exit) -> Result<Self, CliError> {
        let body = serde_json::to_value(body)
            .map_err(|error| CliError::Runtime(std::io::Error::other(error)))?;
        Ok(Self { body, text, exit, proof: None })
    }

    /// The answer about a file of this format in which the first thing that does not hold is this.
    fn broken(format: &'static str, flaw: impl Serialize, text: String) -> Result<Self, CliError> {
        Self::new(&Broken { format, verdict: "does-not-hold", flaw }, text, Exit::Refused)
    }
}

/// The answer for programs about a file that does not hold.
#[derive(Serialize)]
struct Broken<T> {
    format: &'static str,
    verdict: &'static str,
    flaw: T,
}

/// Runs the command. A file's own beginning says what it is.
pub(crate) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    if args.show {
        return show(ctx, &args.files);
    }
    must_be_told_apart(&args.roots)?;
    let descriptors = descriptors::read(&args.descriptors, &args.roots)?;
    let mut judged = Vec::with_capacity(args.files.len());
    for path in &args.files {
        judged.push(judge(ctx, args, &descriptors, path)?);
    }
    if let [one] = judged.as_slice() {
        return Ok(ctx.reply(&one.body, one.text.clone())?.with_exit(one.exit));
    }
    several(ctx, &args.files, &judged)
}

/// No two parties have one name: nobody could tell who said what.
fn must_be_told_apart(roots: &[Pinned]) -> Result<(), CliError> {
    let is_twice =
        |one: &&Pinned| roots.iter().any(|it| it.handle == one.handle && it.root != one.root);
    roots.iter().find(is_twice).map_or(Ok(()), |it| {
        let handle = &it.handle;
        Err(CliError::usage(
            format!("`{handle}` is given for two roots with `--root`; give each party a name of its own"),
            format!("`{handle}` se indica para dos raíces con `--root`; dé a cada parte un nombre propio"),
        ))
    })
}

fn judge(
    ctx: &Ctx,
    args: &Args,
    descriptors: &[Verified],
    path: &Path,
) -> Result<Judged, CliError> {
    let bytes = read(path)?;
    let starts = |format: &str| bytes.starts_with(format.as_bytes());
    if starts(evidence::FORMAT) {
        return proof::judge(ctx, &bytes, args, descriptors);
    }
    if !args.with.is_empty() || args.agreement.is_some() {
        return Err(takes_none(path));
    }
    if bytes.starts_with(format::BEGINNING) {
        opening::judge(ctx, &bytes, &args.roots, descriptors)
    } else if starts(evidence::equivocation::FORMAT) {
        twice::judge(ctx, &bytes, &args.roots, descriptors)
    } else if bytes.starts_with(report::BEGINNING) {
        report::judge(ctx, &bytes, &args.roots, descriptors)
    } else {
        Err(CliError::UnknownEvidence(path.to_owned()))
    }
}

/// What lies beside belongs to evidence of one statement, and to nothing else.
fn takes_none(path: &Path) -> CliError {
    let path = path.display();
    CliError::usage(
        format!(
            "`{path}` is no evidence of one statement (comity-proof), and `--with` and `--agreement` are for such alone; \
             leave them out, or check it by itself"
        ),
        format!(
            "`{path}` no es evidencia de una declaración (comity-proof), y `--with` y `--agreement` son sólo para ella; \
             no los indique, o compruébelo aparte"
        ),
    )
}

fn read(path: &Path) -> Result<Vec<u8>, CliError> {
    let limit =
        format::FILE_LIMIT.max(evidence::FILE_LIMIT).max(comity_exchange::audit::FILE_LIMIT);
    files::read_up_to(path, limit as u64)
}

/// The answer about several files: each by itself, and what contradicts what. The exit is the worst.
fn several(ctx: &Ctx, files: &[PathBuf], judged: &[Judged]) -> Result<Reply, CliError> {
    let proofs: Vec<Option<&Proof>> = judged.iter().map(|it| it.proof.as_deref()).collect();
    let found = contradictions(&proofs);
    let all_hold = judged.iter().all(|it| it.exit == Exit::Done) && found.is_empty();
    let exit = if all_hold { Exit::Done } else { Exit::Refused };
    let mut blocks: Vec<String> = Vec::with_capacity(judged.len() + 1);
    let mut bodies = Vec::with_capacity(judged.len());
    for (path, it) in files.iter().zip(judged.iter()) {
        blocks.push(format!("{}\n{}", path.display(), it.text));
        let mut body = it.body.clone();
        if let Some(members) = body.as_object_mut() {
            members.insert("file".to_owned(), json!(path));
        }
        bodies.push(body);
    }
    let lines: Vec<String> = found.iter().map(|it| beside::text(ctx.lang, it, files)).collect();
    if !lines.is_empty() {
        let heading = ctx.say("CONTRADICTION", "CONTRADICCIÓN");
        blocks.push(format!("{heading}\n{}", lines.join("\n")));
    }
    let contradictions: Vec<Value> = found.iter().map(|it| beside::body(it, files)).collect();
    // the weakest of them: what is only said is not proved by what stands beside it
    let is_proved = |it: &Judged| it.body.get("verdict").is_some_and(|it| it == "proved");
    let verdict = match (all_hold, judged.iter().all(is_proved)) {
        (true, true) => "proved",
        (true, false) => verdict::SIGNED,
        (false, _) => "not all proved",
    };
    let body = json!({ "verdict": verdict, "files": bodies, "contradictions": contradictions });
    Ok(ctx.reply(&body, blocks.join("\n\n"))?.with_exit(exit))
}

/// Prints what is inside files, whatever it is worth.
fn show(ctx: &Ctx, files: &[PathBuf]) -> Result<Reply, CliError> {
    let mut documents = Vec::with_capacity(files.len());
    for path in files {
        let bytes = read(path)?;
        let is_plain = bytes.starts_with(format::BEGINNING) || bytes.starts_with(report::BEGINNING);
        let inside = if is_plain { Some(bytes) } else { evidence::document(&bytes) };
        let document: Option<Value> = inside.and_then(|it| serde_json::from_slice(&it).ok());
        documents.push(document.ok_or_else(|| CliError::UnknownEvidence(path.clone()))?);
    }
    let pretty = |it: &Value| serde_json::to_string_pretty(it).unwrap_or_default();
    let text: Vec<String> = documents.iter().map(pretty).collect();
    let body = json!({ "documents": documents });
    ctx.reply(&body, text.join("\n"))
}
