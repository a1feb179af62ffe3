//! Evidence made by two real nodes, judged by the program and by a script that shares no code with it.

mod revoked;

use std::path::{Path, PathBuf};
use std::process::Command;

use comity_exchange::evidence::{Evidence, check};
use comity_model::PartyRoot;
use comity_pouch::dsse::AGREEMENT;
use serde_json::Value;

use crate::rotation::current;
use crate::support::{TwoNodes, until};

/// The interpreter that `scripts/setup` prepares for the independent check, else the system's; `None` where neither has
/// the package that the script needs.
fn python() -> Option<PathBuf> {
    let target =
        PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    let own =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(target).join("verify/bin/python");
    let has_package = |python: &Path| {
        let asked = Command::new(python).args(["-I", "-c", "import cryptography"]).output();
        asked.is_ok_and(|it| it.status.success())
    };
    [own, PathBuf::from("python3")].into_iter().find(|it| has_package(it))
}

/// What the script says of a file.
fn script(python: &Path, file: &Path, roots: &[String]) -> (bool, Value) {
    script_with(python, file, roots, &[])
}

/// The same, with more to go by: names of options, each with a file.
fn script_with(
    python: &Path,
    file: &Path,
    roots: &[String],
    more: &[(&str, PathBuf)],
) -> (bool, Value) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/verify/verify.py");
    let mut command = Command::new(python);
    command.arg("-I").arg(script).arg(file);
    for root in roots {
        command.args(["--root", root]);
    }
    for (option, beside) in more {
        command.arg(option).arg(beside);
    }
    let ran = command.output().unwrap();
    let said = serde_json::from_slice(&ran.stdout);
    (ran.status.success(), said.unwrap_or_else(|error| panic!("{error}: {ran:?}")))
}

/// Two nodes that settled a release and stopped; its folio and the roots as a reader pins them.
async fn settled() -> (TwoNodes, String, Vec<String>) {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(3).await;
    let (us, mx) = tokio::join!(nodes.us.serve(), nodes.mx.serve());
    let folio = nodes.release(&objects).await;
    nodes.settled(&folio).await;
    // the receipt's own place is cosigned a minute after it came
    nodes.us.move_clock(61);
    nodes.mx.move_clock(61);
    let check = format!("release evidence {folio} -o early.comity-proof --force");
    until("the receipt is cosigned", async || {
        let written = nodes.us.ok(&check).await;
        written["missing"].as_array().is_some_and(Vec::is_empty).then_some(())
    })
    .await;
    us.kill().await;
    mx.kill().await;
    let mut roots = Vec::new();
    for node in [&nodes.us, &nodes.mx] {
        let status = node.ok("status").await;
        roots.push(format!("{}={}", node.handle, status["root"].as_str().unwrap()));
    }
    (nodes, folio, roots)
}

/// A line under a note of a key that nobody has.
const STRANGE: &str = "\u{2014} example.org/somebody AAAAAAAAAAAAAAAA";

/// A text whose lines somebody changes.
fn lines(text: &str, change: impl Fn(&mut Vec<&str>)) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    change(&mut lines);
    lines.iter().flat_map(|it| [*it, "\n"]).collect()
}

/// A field, and what somebody makes of it who mends the digest.
type Edit = (&'static str, fn(&mut Evidence));

fn pinned(roots: &[String]) -> String {
    roots.iter().flat_map(|it| [" --root ", it]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_nodes_stopped_the_files_of_both_are_proved_and_an_edit_is_not() {
    let (nodes, folio, roots) = settled().await;
    let statement = nodes.us.ok(&format!("release show {folio}")).await;
    let statement = statement["statement"].as_str().unwrap().to_owned();
    nodes.us.ok(&format!("release evidence {folio} -o us.comity-proof")).await;
    nodes.mx.ok(&format!("release evidence {statement} -o mx.comity-proof")).await;
    let (code, _) = nodes.us.refused(&format!("release evidence {folio} -o us.comity-proof")).await;
    assert_eq!(code, "file-exists");

    let verify = format!("verify us.comity-proof{}", pinned(&roots));
    let proved = nodes.us.ok(&verify).await;
    assert_eq!(proved["verdict"], "proved");
    assert_eq!(proved["proof"]["release"]["folio"], folio.as_str());
    assert_eq!(proved["proof"]["receipt"]["outcome"], "admitted");
    assert_eq!(proved["proof"]["from"]["pinned_as"], "us");
    let both =
        nodes.us.ok(&format!("verify us.comity-proof mx.comity-proof{}", pinned(&roots))).await;
    assert_eq!(both["verdict"], "proved");
    assert_eq!(both["contradictions"], serde_json::json!([]));
    let (exit, unpinned) = nodes.us.json("verify us.comity-proof").await;
    assert_eq!((exit, &unpinned["verdict"]), (1, &Value::from("consistent, roots not pinned")));

    let bare = "release evidence {} --without-agreement -o bare.comity-proof";
    nodes.us.ok(&bare.replace("{}", &folio)).await;
    let judged = nodes.us.json(&format!("verify bare.comity-proof{}", pinned(&roots))).await;
    assert_eq!((judged.0, &judged.1["verdict"]), (1, &Value::from("incomplete")));
    let whole = Evidence::parse(&std::fs::read(nodes.us.file("us.comity-proof")).unwrap()).unwrap();
    let agreement = whole.agreement.unwrap().envelope(AGREEMENT).unwrap();
    std::fs::write(nodes.us.file("both.agreement"), agreement.to_json()).unwrap();
    let beside = format!("verify bare.comity-proof --agreement both.agreement{}", pinned(&roots));
    assert_eq!(nodes.us.ok(&beside).await["verdict"], "proved");
    if let Some(python) = &python() {
        let bare = nodes.us.file("bare.comity-proof");
        let (holds, said) = script(python, &bare, &roots);
        assert_eq!((holds, &said["verdict"]), (false, &Value::from("incomplete")));
        let agreement = nodes.us.file("both.agreement");
        let (holds, said) = script_with(python, &bare, &roots, &[("--agreement", agreement)]);
        assert!(holds, "{said}");
        let (holds, said) = script_with(python, &bare, &roots, &[("--agreement", bare.clone())]);
        assert!(!holds, "{said}");
    }

    let file = nodes.us.file("us.comity-proof");
    let bytes = std::fs::read(&file).unwrap();
    let python = python();
    if let Some(python) = &python {
        let (holds, said) = script(python, &file, &roots);
        assert!(holds, "{said}");
        assert_eq!(said["statement"], proved["proof"]["statement"]);
        assert_eq!(said["folio"], folio.as_str());
        let strange = [roots[0].clone(), format!("mx=sha256:{}", "0".repeat(64))];
        assert!(!script(python, &file, &strange).0, "another root will do");
    } else {
        eprintln!("no python with `cryptography`; scripts/setup installs it");
    }
    for at in [0, 20, 79, 80, 100, bytes.len() / 2, bytes.len() - 1] {
        let mut edited = bytes.clone();
        edited[at] ^= 1;
        std::fs::write(nodes.us.file("edited.comity-proof"), &edited).unwrap();
        let (exit, _) =
            nodes.us.json(&format!("verify edited.comity-proof{}", pinned(&roots))).await;
        assert_eq!(exit, 1, "byte {at}");
        if let Some(python) = &python {
            assert!(!script(python, &nodes.us.file("edited.comity-proof"), &roots).0, "byte {at}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_finds_what_is_edited_under_a_mended_digest_where_the_program_does() {
    let (nodes, folio, roots) = settled().await;
    nodes.us.ok(&format!("release evidence {folio} -o us.comity-proof")).await;
    let Some(python) = python() else {
        eprintln!("no python with `cryptography`; scripts/setup installs it");
        return;
    };
    let known: Vec<PartyRoot> =
        roots.iter().map(|it| it.split_once('=').unwrap().1.parse().unwrap()).collect();
    let whole = Evidence::parse(&std::fs::read(nodes.us.file("us.comity-proof")).unwrap()).unwrap();
    let edits: &[Edit] = &[
        ("descriptors", |it| it.descriptors.truncate(1)),
        ("descriptors", |it| {
            it.descriptors[1].payload =
                it.descriptors[1].payload.replacen("\"test\":", "\"test\": ", 1);
        }),
        ("statement", |it| {
            it.statement.payload =
                it.statement.payload.replacen("\"objects\\\":3", "\"objects\\\":4", 1);
        }),
        ("statement", |it| it.statement.signatures.swap(0, 1)),
        ("descriptors", |it| it.descriptors.swap(0, 1)),
        ("descriptors", |it| it.descriptors[1].signatures.swap(0, 1)),
        ("descriptors", |it| it.descriptors.push(it.descriptors[0].clone())),
        ("agreement", |it| it.agreement.as_mut().unwrap().signatures.swap(1, 2)),
        ("receipt", |it| it.receipt.as_mut().unwrap().statement.signatures.swap(0, 1)),
        ("proof", |it| it.proof = lines(&it.proof, |them| them.swap(6, 7))),
        ("proof", |it| it.proof = lines(&it.proof, |them| them.push(them[6]))),
        ("proof", |it| it.proof = lines(&it.proof, |them| them.push(STRANGE))),
        ("receipt.proof", |it| {
            let proof = &mut it.receipt.as_mut().unwrap().proof;
            *proof = lines(proof, |them| them.insert(them.len() - 4, STRANGE));
        }),
        ("receipt.proof", |it| {
            let proof = &mut it.receipt.as_mut().unwrap().proof;
            *proof = lines(proof, |them| {
                let first = them.len() - 4;
                them.swap(first, first + 2);
            });
        }),
        ("proof", |it| it.proof = it.proof.replacen("index 0", "index 1", 1)),
        ("proof", |it| it.proof.clone_from(&it.receipt.as_ref().unwrap().proof)),
        ("proof", |it| {
            it.proof = it.proof.lines().take(8).flat_map(|line| [line, "\n"]).collect();
        }),
        ("receipt", |it| it.receipt.as_mut().unwrap().statement = it.statement.clone()),
        ("receipt", |it| it.receipt = None),
        ("agreement", |it| it.agreement = None),
        ("agreement", |it| it.agreement.as_mut().unwrap().payload.push('\n')),
        ("agreement", |it| it.agreement.as_mut().unwrap().signatures.truncate(2)),
    ];
    for (at, (field, edit)) in edits.iter().enumerate() {
        let mut edited = whole.clone();
        edit(&mut edited);
        let file = nodes.us.file("edited.comity-proof");
        let bytes = edited.to_bytes();
        std::fs::write(&file, &bytes).unwrap();
        let ours = check(&bytes, &known, None).is_ok_and(|it| it.is_whole());
        let (theirs, said) = script(&python, &file, &roots);
        assert_eq!(ours, theirs, "edit {at} of {field}: {said}");
        assert!(!ours, "edit {at} of {field}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptor_beside_the_file_that_revokes_its_keys_is_taken_into_account() {
    let (nodes, folio, roots) = settled().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    us.ok(&format!("release evidence {folio} -o us.comity-proof")).await;
    let file = us.file("us.comity-proof");
    let judged = async |descriptors: &[PathBuf], verdict: &str, revoked: bool| {
        let given: Vec<String> =
            descriptors.iter().map(|it| format!(" --descriptor {}", it.display())).collect();
        let given = given.concat();
        let asked = format!("verify us.comity-proof{}{given}", pinned(&roots));
        let (exit, said) = us.json(&asked).await;
        let proved = verdict == "proved";
        assert_eq!((exit == 0, &said["verdict"]), (proved, &Value::from(verdict)), "{said}");
        assert_eq!(said["proof"]["revoked"], revoked);
        if let Some(python) = &python() {
            let more: Vec<_> = descriptors.iter().map(|it| ("--descriptor", it.clone())).collect();
            let (holds, said) = script_with(python, &file, &roots, &more);
            assert_eq!((holds, &said["verdict"]), (proved, &Value::from(verdict)), "{said}");
            assert_eq!(said["revoked"], revoked);
        }
    };
    judged(&[], "proved", false).await;
    us.ok("party export --out first").await;
    judged(&[us.file("first")], "proved", false).await;

    // the key of the statement: the log holds it
    let mut given = Vec::new();
    for (taken, verdict) in
        [("statement", "proved"), ("witness", "proved"), ("log", "consistent, a key was revoked")]
    {
        us.ok(&format!("key revoke {}", current(us, taken).await)).await;
        us.ok(&format!("party export --out without-{taken}")).await;
        given.push(us.file(&format!("without-{taken}")));
        judged(&given, verdict, true).await;
    }
    // nothing rests on the receiver's cosignature where there is a receipt
    mx.ok(&format!("key revoke {}", current(mx, "witness").await)).await;
    mx.ok("party export --out theirs").await;
    judged(&[mx.file("theirs")], "proved", true).await;

    // whose descriptor it is must be known
    let other = format!("verify us.comity-proof --root {} --descriptor without-log", roots[1]);
    assert_eq!(us.json(&other).await.0, 2);
    assert_eq!(us.json("verify us.comity-proof --descriptor without-log").await.0, 2);
    let none = format!("verify us.comity-proof{} --descriptor us.comity-proof", pinned(&roots));
    assert_eq!(us.refused(&none).await.0, "bad-input");
}
