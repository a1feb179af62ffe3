//! Archives that would write elsewhere, or that announce what they do not hold.

use comity_testkit::{Forge, Forged};

use super::Case;
use crate::support::{Entry, Object, Raw, Rival, archive, seal};

const STATEMENT: &str = "statement.dsse.json";
const PROOF: &str = "record.tlog-proof";

/// What lies in the archive of a forged statement: its two fixed files and its part.
fn honest(us: &Rival, forge: &Forge) -> (Forged, [Entry; 3]) {
    let forged = us.forge(forge);
    let (name, part) = &forge.parts[0];
    let entries = [
        Entry::file(STATEMENT, &forged.envelope),
        Entry::file(PROOF, &forged.proof),
        Entry::file(name, part),
    ];
    (forged, entries)
}

/// The pouch of these files.
fn pouch(us: &Rival, entries: &[Entry]) -> Vec<u8> {
    seal(&archive(entries), &us.recipient())
}

/// A file with another name, and links, that would lead out of the archive.
fn leading_out(file: &Entry) -> Vec<Entry> {
    let named = |name: &str| Entry { name: name.into(), ..file.clone() };
    let link = |kind| Entry { kind, link: b"/etc/passwd".to_vec(), ..file.clone() };
    vec![
        named("../escaped"),
        named("a/../../escaped"),
        named("/tmp/escaped"),
        link(b'2'),
        link(b'1'),
    ]
}

#[tokio::test]
async fn a_name_or_a_link_that_leads_out_of_the_archive_is_refused() {
    let mut case = Case::new().await;
    let (_, [statement, proof, part]) = honest(&case.us, &case.us.proposal("first file"));
    for out in leading_out(&statement) {
        let pouch = pouch(&case.us, &[out, proof.clone(), part.clone()]);
        case.refuses(&pouch, "bad-archive").await;
    }
    for at in 0..leading_out(&part).len() {
        let forge = case.us.proposal(&format!("last file {at}"));
        let (forged, [statement, proof, part]) = honest(&case.us, &forge);
        let out = leading_out(&part).remove(at);
        let pouch = pouch(&case.us, &[statement, proof, out]);
        case.consumes(&Forged { pouch, ..forged }, "bad-archive").await;
    }
    assert!(!case.nodes.folder().join("escaped").exists());
    assert!(!std::path::Path::new("/tmp/escaped").exists());

    let (forged, entries) = honest(&case.us, &case.us.proposal("made by hand"));
    let pouch = pouch(&case.us, &entries);
    case.takes(&Forged { pouch, ..forged }).await;
}

#[tokio::test]
async fn ten_gigabytes_announced_in_a_kilobyte_cost_neither_disk_nor_memory() {
    let mut case = Case::new().await;
    let before = case.view().await;
    let mut raw = Raw::connect(case.nodes.mx.link, Some(&case.us.link_key())).await.unwrap();
    let request = format!(
        "PUT /link/v1/pouches/{} HTTP/1.1\r\nContent-Range: bytes 0-1023/10000000000\r\nContent-Length: 1024",
        "cd".repeat(32)
    );
    let answer = raw.ask(&request, &[7; 1024]).await.unwrap();
    assert_eq!(answer, (413, "too-large".to_owned()));
    before.unchanged(&case.nodes.mx).await;

    let memory = case.mx.most_memory();
    // twelve octal digits, where the field holds eleven; and the largest of eleven digits, 8 GiB
    for (number, size) in [(0, b"112402762000"), (1, b"77777777777\0")] {
        let (_, [statement, proof, part]) =
            honest(&case.us, &case.us.proposal(&format!("statement {number}")));
        let huge = Entry { size: size.to_vec(), ..statement };
        case.refuses(&pouch(&case.us, &[huge, proof, part]), "too-large").await;

        let forge = case.us.proposal(&format!("part {number}"));
        let (forged, [statement, proof, part]) = honest(&case.us, &forge);
        let huge = Entry { size: size.to_vec(), ..part };
        let pouch = pouch(&case.us, &[statement, proof, huge]);
        case.consumes(&Forged { pouch, ..forged }, "too-large").await;
    }
    // four gigabytes are within the limit of a part; the statement announces them too, and they are not there
    let most = (4 << 30) - 1;
    let objects = [Object::indicator(1, "")];
    let forge = case.us.release_announcing("four", &objects, |parts| parts[1].size = most);
    let forged = case.us.forge(&forge);
    let mut entries =
        vec![Entry::file(STATEMENT, &forged.envelope), Entry::file(PROOF, &forged.proof)];
    entries.extend(forge.parts.iter().map(|(name, part)| Entry::file(name, part)));
    entries[3].size = format!("{most:011o}\0").into_bytes();
    let forged = Forged { pouch: pouch(&case.us, &entries), ..forged };
    case.consumes(&forged, "part-digest").await;
    let grown = case.mx.most_memory() - memory;
    assert!(grown < 64 << 10, "it grew by {grown} KiB");
    case.goes_on().await;
}
