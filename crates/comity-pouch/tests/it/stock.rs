//! A stock `age` opens what is sealed here, and seals what opens here.

use std::io::Read as _;
use std::path::Path;
use std::process::Command;

use comity_pouch::{Limits, PouchReader, PouchWriter, SealIdentity};

/// Whether an `age` is on the path that knows the hybrid recipient: 1.3 or later.
fn age_is_here() -> bool {
    let output = Command::new("age").arg("--version").output();
    let version = output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned());
    let version = version.unwrap_or_default();
    let mut numbers = version.trim_start_matches('v').split('.').map_while(|it| it.parse().ok());
    let new = (numbers.next(), numbers.next()) >= (Some(1_u32), Some(3_u32));
    if !new {
        eprintln!("left out: there is no `age` of version 1.3 or later here, but `{version}`");
    }
    new
}

fn age(args: &[&str], folder: &Path) {
    let output = Command::new("age").args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_stock_age_opens_a_pouch_and_what_it_seals_is_opened_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let identity = SealIdentity::from_seed(&[3; 32]).unwrap();
    let recipient = identity.recipient();
    let part: Vec<u8> = (0..200_000_u32).map(|it| it.to_le_bytes()[0]).collect();
    let mut file = Vec::new();
    let mut pouch =
        PouchWriter::new(&mut file, &recipient, b"{\"a\":1}", b"proof", &Limits::default())
            .unwrap();
    pouch.part("a.bin", part.len() as u64, &mut part.as_slice()).unwrap();
    pouch.finish().unwrap();
    std::fs::write(path("there.pouch"), &file).unwrap();
    std::fs::write(path("key"), identity.to_text().as_bytes()).unwrap();
    std::fs::write(path("recipient"), recipient.to_string()).unwrap();
    if !age_is_here() {
        return;
    }
    age(&["--decrypt", "-i", "key", "-o", "inside.tar", "there.pouch"], folder.path());
    let archive = std::fs::read(path("inside.tar")).unwrap();
    assert!(archive.starts_with(b"statement.dsse.json\0"));
    age(&["-R", "recipient", "-o", "back.pouch", "inside.tar"], folder.path());
    let back = std::fs::File::open(path("back.pouch")).unwrap();
    let mut pouch = PouchReader::open(back, &[&identity], &Limits::default()).unwrap();
    assert_eq!(pouch.statement(), b"{\"a\":1}");
    assert_eq!(pouch.proof().unwrap(), b"proof");
    let mut read = Vec::new();
    pouch.next_part().unwrap().unwrap().read_to_end(&mut read).unwrap();
    assert_eq!(read, part);
    pouch.finish().unwrap();
}
