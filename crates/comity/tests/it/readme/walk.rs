//! The walk of the README files, in an empty folder, as somebody types it who has nothing but the program and the examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use super::page::{Page, top};

/// The longest that one command, or what it sets going, is waited for.
const PATIENCE: Duration = Duration::from_mins(1);

/// What the environment of whoever runs the tests could say to a node.
const FOREIGN: [&str; 5] =
    ["COMITY_DATA", "COMITY_LANG", "COMITY_PASSPHRASE_FILE", "CREDENTIALS_DIRECTORY", "RUST_LOG"];

#[tokio::test]
async fn the_readme_leads_a_newcomer_to_a_settled_release() {
    play("README.md").await;
}

#[tokio::test]
async fn the_spanish_readme_leads_a_newcomer_to_a_settled_release() {
    play("README.es.md").await;
}

#[test]
fn both_readmes_give_the_same_commands() {
    let commands = |name| {
        let mut lines = lines(&Page::read(name));
        lines.retain(|it| it.starts_with("comity "));
        lines
    };
    let english = commands("README.md");
    assert_eq!(english, commands("README.es.md"));
    assert!(english.len() > 20, "{english:#?}");
}

/// The lines of the walk: every block but the one that names the scripts.
fn lines(page: &Page) -> Vec<String> {
    let blocks = page.typed().into_iter();
    blocks.filter(|block| !block.iter().all(|it| it.starts_with("scripts/"))).flatten().collect()
}

async fn play(name: &str) {
    let (lines, ports) = with_free_ports(&lines(&Page::read(name)));
    let mut reader = Reader::new();
    for line in &lines {
        if let Some(serve) = line.strip_suffix('&') {
            reader.start(serve);
            continue;
        }
        if line.starts_with("comity doctor ") {
            reader.nodes_listen(&ports).await;
        }
        if !line.starts_with("comity ") {
            // Where to stand, and names for later: every command needs it again, for each has a shell of its own.
            writeln!(reader.before, "{line}").unwrap();
            continue;
        }
        reader.ok(line).await;
        if line.starts_with("comity release send ") {
            reader.settled().await;
        }
    }

    let release = reader.settled().await;
    let preview = release["preview"].as_array().unwrap();
    let count = |verdict| preview.iter().filter(|it| it["verdict"] == verdict).count();
    assert_eq!([count("released"), count("redacted"), count("withheld")], [1, 5, 1], "{release}");
    assert_eq!(release["receipt"]["admitted"], 6, "{release}");
    let inbox = reader.json("comity inbox list --data node-mx").await;
    let mut releases = inbox["inbox"].as_array().unwrap().clone();
    releases.retain(|it| it["kind"] == "release");
    let [arrived] = releases.as_slice() else { panic!("{inbox}") };
    assert_eq!(arrived["folio"], release["folio"]);
    assert_eq!((&arrived["outcome"], &arrived["admitted"]), (&"admitted".into(), &6.into()));
    reader.stop().await;
}

/// Somebody at a terminal in the top folder of the source.
struct Reader {
    folder: TempDir,
    before: String,
    serving: Vec<Child>,
}

impl Reader {
    /// A folder in which nothing is but the program, where the README has it, and the examples.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let programs = folder.path().join("target/demo");
        std::fs::create_dir_all(&programs).unwrap();
        symlink(env!("CARGO_BIN_EXE_comity"), programs.join("comity")).unwrap();
        symlink(top().join("examples").canonicalize().unwrap(), folder.path().join("examples"))
            .unwrap();
        Self { folder, before: String::from("set -eu\n"), serving: Vec::new() }
    }

    fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{}{line}", self.before)).current_dir(self.folder.path());
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        command
    }

    /// Gives a command that must succeed, and gives what it printed.
    async fn ok(&self, line: &str) -> Vec<u8> {
        let output = timeout(PATIENCE, self.shell(line).output()).await;
        let output = output.unwrap_or_else(|_| panic!("`{line}` does not end")).unwrap();
        let [said, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        assert!(output.status.success(), "`{line}`: {}\n{said}\n{errors}", output.status);
        output.stdout
    }

    async fn json(&self, line: &str) -> Value {
        serde_json::from_slice(&self.ok(&format!("{line} --json")).await).unwrap()
    }

    /// Starts what runs on. The shell becomes the program, so the handle is the program's.
    fn start(&mut self, line: &str) {
        let child = self.shell(&format!("exec {line}")).stdout(Stdio::null()).spawn();
        self.serving.push(child.unwrap());
    }

    /// Waits until every port is listened at.
    async fn nodes_listen(&mut self, ports: &[u16]) {
        assert_eq!(self.serving.len(), 2, "two nodes were started");
        let end = Instant::now() + PATIENCE;
        for port in ports {
            while TcpStream::connect(("127.0.0.1", *port)).await.is_err() {
                let ended = self.serving.iter_mut().any(|it| it.try_wait().unwrap().is_some());
                assert!(!ended && Instant::now() < end, "no node at {port}: {:?}", self.logs());
                sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Waits until the release is settled, and gives it.
    async fn settled(&self) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let release = self.json("comity release show $folio --data node-us").await;
            if release["state"] == "settled" {
                return release;
            }
            assert!(Instant::now() < end, "never settled: {release}\n{:?}", self.logs());
            sleep(Duration::from_millis(100)).await;
        }
    }

    fn logs(&self) -> BTreeMap<PathBuf, String> {
        let files = std::fs::read_dir(self.folder.path().join("target/two-nodes")).unwrap();
        let logs = files.map(|it| it.unwrap().path());
        let logs = logs.filter(|it| it.extension().is_some_and(|it| it == "log"));
        logs.map(|it| (it.clone(), std::fs::read_to_string(it).unwrap())).collect()
    }

    async fn stop(self) {
        for mut child in self.serving {
            assert_eq!(child.try_wait().unwrap(), None, "a node ended by itself");
            child.kill().await.unwrap();
        }
    }
}

/// The lines with a free port in the place of each printed one, and the ports.
fn with_free_ports(lines: &[String]) -> (Vec<String>, Vec<u16>) {
    const HOST: &str = "127.0.0.1:";
    let text = lines.join("\n");
    let printed = text.split(HOST).skip(1);
    let printed = printed.map(|it| it.split(|it: char| !it.is_ascii_digit()).next().unwrap());
    let free: BTreeMap<_, _> = printed.map(|it| (it.to_owned(), free_port())).collect();
    assert_eq!(free.len(), 4, "two nodes have two ports each: {free:?}");
    let put = |line: &String| {
        free.iter().fold(line.clone(), |line, (printed, free)| {
            line.replace(&format!("{HOST}{printed}"), &format!("{HOST}{free}"))
        })
    };
    (lines.iter().map(put).collect(), free.into_values().collect())
}

/// A port that is free, below the range from which the system gives ports to outgoing connections. Each process looks at
/// another place first.
fn free_port() -> u16 {
    const FIRST: u16 = 30_000;
    const COUNT: u16 = 2_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let process = u16::try_from(std::process::id() % u32::from(COUNT)).unwrap();
    let mut offsets = (0..COUNT).map(|_| {
        let offset = u32::from(process) * 8 + u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        FIRST + u16::try_from(offset % u32::from(COUNT)).unwrap()
    });
    offsets.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
