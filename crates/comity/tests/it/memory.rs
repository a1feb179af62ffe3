//! Files of any size are read in little memory.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::cli::{Place, comity};

/// Bytes that an import may take at its peak.
const MOST: u64 = 150 << 20;

/// Bytes that listing or checking a large file may take at its peak beside what a small one takes.
const LITTLE: u64 = 16 << 20;

/// Imports a file and gives the answer and the most bytes that the process ever held.
fn import(place: &Place, file: &Path) -> (serde_json::Value, u64) {
    let mut command = comity();
    command.args(["import", "--json", "--data"]).arg(place.path("us")).arg(file);
    run(command)
}

/// Runs a command and gives the answer and the most bytes that the process ever held (`VmHWM`, proc(5)).
fn run(mut command: Command) -> (serde_json::Value, u64) {
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let (ended, end) = mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let output = child.wait_with_output();
        let _ = ended.send(());
        output
    });
    let mut peak = 0;
    while end.recv_timeout(Duration::from_millis(5)).is_err() {
        let kib = fs::read_to_string(&status).ok().and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("VmHWM:"))?.to_owned();
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        });
        peak = peak.max(kib.unwrap_or(0) << 10);
    }
    let output = waiter.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(peak > 1 << 20, "the process was never looked at");
    (serde_json::from_slice(&output.stdout).unwrap(), peak)
}

/// A bundle of 30 megabytes, and how many objects it has.
fn large(place: &Place) -> (PathBuf, u32) {
    let objects = 12_000;
    let path = bundle(place, "large.json", objects);
    assert!(fs::metadata(&path).unwrap().len() > 30_000_000);
    (path, objects)
}

fn bundle(place: &Place, name: &str, objects: u32) -> PathBuf {
    let path = place.path(name);
    let mut file = BufWriter::new(File::create(&path).unwrap());
    write!(file, "{{\"type\":\"bundle\",\"id\":\"bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11\",\"objects\":[")
        .unwrap();
    for number in 0..objects {
        let comma = if number == 0 { "" } else { "," };
        write!(file, "{comma}{}", crate::cli::indicator(number, 2_200)).unwrap();
    }
    write!(file, "]}}").unwrap();
    file.into_inner().unwrap().sync_all().unwrap();
    path
}

#[test]
fn a_bundle_of_30_megabytes_is_listed_and_checked_in_little_more_memory_than_a_small_one() {
    let place = Place::new();
    let (path, objects) = large(&place);
    let small = bundle(&place, "small.json", 10);
    for what in ["head", "check"] {
        let look = |file: &Path| {
            let mut command = comity();
            command.args(["stix", what, "--json"]).arg(file);
            run(command)
        };
        let (_, own) = look(&small);
        let (answer, peak) = look(&path);
        assert_eq!(answer["objects"], objects, "{what}");
        assert!(peak < own + LITTLE, "{what}: {} MiB and {} MiB", own >> 20, peak >> 20);
    }
}

#[test]
fn a_bundle_of_30_megabytes_is_imported_in_less_than_150_of_memory() {
    let place = Place::new();
    place.node("us");
    let (path, objects) = large(&place);
    let (report, peak) = import(&place, &path);
    assert_eq!(report["new"], objects);
    assert!(peak < MOST, "{} MiB", peak >> 20);
}

#[test]
fn a_pouch_of_160_megabytes_is_written_and_looked_at_in_less_than_100_of_memory_and_taken_in_in_150()
 {
    let place = Place::pair();
    let path = place.path("large.jsonl");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    for number in 0..160 {
        writeln!(file, "{}", crate::cli::indicator(number, 1_000_000)).unwrap();
    }
    file.into_inner().unwrap().sync_all().unwrap();
    place.ok("import large.jsonl --data us");
    let compose =
        "release compose --to mx --clause us-to-mx --purpose precursor-control --type indicator";
    let folio = place.ok(&format!("{compose} --by an_analyst --data us"));
    let folio = folio["folio"].as_str().unwrap();
    for officer in ["officer-1", "officer-2"] {
        place.ok(&format!("release approve {folio} --as {officer} --data us"));
    }
    place.ok(&format!("release send {folio} --data us"));
    let pouch = |args: &[&str]| {
        let mut command = comity();
        command.current_dir(place.path("")).args(["pouch", "--json"]).args(args);
        let (answer, peak) = run(command);
        // what is taken in goes into the database, as in an import
        let most = if args.contains(&"import") { MOST } else { 100 << 20 };
        assert!(peak < most, "{args:?}: {} MiB", peak >> 20);
        answer
    };
    let written = pouch(&["export", "--to", "mx", "-o", "carried", "--data", "us"]);
    assert_eq!(written["written"], 1);
    assert!(written["bytes"].as_u64().unwrap() > 160_000_000);
    let file = fs::read_dir(place.path("carried")).unwrap().next().unwrap().unwrap().path();
    let file = file.to_str().unwrap();
    let shown = pouch(&["show", file, "--open", "--data", "mx"]);
    assert_eq!(shown["inside"]["parts"][1]["name"], "objects.jsonl");
    let taken = pouch(&["import", "carried", "--data", "mx"]);
    assert_eq!(taken["files"][0]["fate"], "consumed");
    pouch(&["export", "--to", "us", "-o", "back", "--data", "mx"]);
    assert_eq!(pouch(&["import", "back", "--data", "us"])["consumed"], 1);
    let release = place.ok(&format!("release show {folio} --data us"));
    assert_eq!(
        (&release["state"], &release["receipt"]["admitted"]),
        (&"settled".into(), &160.into())
    );
}

#[test]
fn attack_for_enterprise_is_imported_in_less_than_150_megabytes_of_memory() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/stix"));
    let largest = fs::read_dir(folder).ok().and_then(|entries| {
        let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let files = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
        files.max_by_key(|path| fs::metadata(path).map_or(0, |it| it.len()))
    });
    let Some(file) = largest else {
        eprintln!("left out: there is no large published bundle beside the repository");
        return;
    };
    let place = Place::new();
    place.node("us");
    let (report, peak) = import(&place, &file);
    assert!(report["new"].as_u64().unwrap() > 1_000, "{}", file.display());
    assert!(peak < MOST, "{} MiB for {}", peak >> 20, file.display());
}
