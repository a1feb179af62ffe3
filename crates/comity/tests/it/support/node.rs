//! A node: its folder, the commands given to it, and its running process.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::ports::free_port;
use super::{PATIENCE, until};

/// What the environment of whoever runs the tests could say to a node.
const FOREIGN: [&str; 7] = [
    "COMITY_DATA",
    "COMITY_LANG",
    "COMITY_PASSPHRASE_FILE",
    "COMITY_FAIL_POINT",
    "COMITY_FAIL_MARK",
    "CREDENTIALS_DIRECTORY",
    "RUST_LOG",
];

/// A node in a folder that it may share with others.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Its handle, and the name of its data folder.
    pub(crate) handle: &'static str,
    /// The port of its link.
    pub(crate) link: u16,
    /// The port of its own people.
    pub(crate) api: u16,
    folder: PathBuf,
    live: bool,
}

impl Node {
    /// Makes a node with `comity init`: a training node with open keys, or a live one under a passphrase.
    pub(crate) async fn init(folder: &Path, handle: &'static str, live: bool) -> Self {
        let [link, api] = [free_port(), free_port()];
        let node = Self { handle, link, api, folder: folder.to_owned(), live };
        node.move_clock(0);
        if live {
            node.write_secret(
                &node.passphrase(),
                "a passphrase of nine words that nobody else has",
            );
        }
        let kind = if live { "" } else { "--exercise --no-passphrase" };
        node.ok(&format!(
            "init --handle {handle} --name Authority-{handle} {kind} --link-listen 127.0.0.1:{link} --api-listen \
             127.0.0.1:{api}"
        ))
        .await;
        node.configure("checkpoint_after_s = 60", "checkpoint_after_s = 1");
        node.ok(&format!("party export --out {handle}.descriptor")).await;
        node
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join(self.handle)
    }

    /// A file in the folder that it shares with others.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn passphrase(&self) -> String {
        format!("{}.passphrase", self.handle)
    }

    /// Writes a file that nobody else can read.
    fn write_secret(&self, name: &str, text: &str) {
        use std::io::Write as _;
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        let file =
            options.create(true).truncate(true).write(true).mode(0o600).open(self.file(name));
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Sets one line of its configuration.
    fn configure(&self, line: &str, to: &str) {
        let path = self.data().join("comity.toml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(line), "the configuration has no `{line}`");
        std::fs::write(&path, text.replace(line, to)).unwrap();
    }

    /// Sets its clock so many seconds from the system's, at once and for the running process too.
    pub(crate) fn move_clock(&self, seconds: i64) {
        let (new, clock) = (self.file("clock.new"), self.file(&format!("{}.clock", self.handle)));
        std::fs::write(&new, seconds.to_string()).unwrap();
        std::fs::rename(new, clock).unwrap();
    }

    /// The same node, of which the next process that serves listens at other ports.
    pub(crate) fn beside(&self) -> Self {
        let [link, api] = [free_port(), free_port()];
        for (taken, free) in [(self.link, link), (self.api, api)] {
            self.configure(&format!("127.0.0.1:{taken}\""), &format!("127.0.0.1:{free}\""));
        }
        Self { link, api, ..self.clone() }
    }

    /// The program, told of this node and of nothing else. It dies with its handle.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command.args(args).args(["--lang", "en", "--data", self.handle]);
        if self.live {
            command.args(["--passphrase-file", &self.passphrase()]);
        }
        for name in FOREIGN {
            command.env_remove(name);
        }
        command
            .env("COMITY_CLOCK_FILE", self.file(&format!("{}.clock", self.handle)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Gives a command, written as its user types it without quotes, and reads its exit code and its answer.
    pub(crate) async fn json(&self, typed: &str) -> (i32, Value) {
        let args: Vec<&str> = typed.split_whitespace().collect();
        let output = timeout(PATIENCE, self.command(&args).arg("--json").output());
        let output = output.await.unwrap_or_else(|_| panic!("`{typed}` does not end")).unwrap();
        let answer = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            let [out, err] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
            panic!("`{typed}` of {} answers with no JSON ({error}): {out}\n{err}", self.handle)
        });
        (output.status.code().unwrap_or(-1), answer)
    }

    /// Gives a command that must succeed.
    pub(crate) async fn ok(&self, typed: &str) -> Value {
        let (exit, answer) = self.json(typed).await;
        assert_eq!(exit, 0, "`{typed}` of {}: {answer}", self.handle);
        answer
    }

    /// Gives a command that must be refused, and gives the code and the message.
    pub(crate) async fn refused(&self, typed: &str) -> (String, String) {
        let (exit, answer) = self.json(typed).await;
        assert_eq!(exit, 1, "`{typed}` of {}: {answer}", self.handle);
        let text = |member: &str| answer["error"][member].as_str().unwrap().to_owned();
        (text("code"), text("message"))
    }

    /// Lines of the journal of one event.
    pub(crate) async fn journal(&self, event: &str) -> Vec<Value> {
        let mut lines = self.ok("journal list --limit 10000").await;
        let Value::Array(mut lines) = lines["lines"].take() else { panic!("no lines") };
        lines.retain(|line| line["event"] == event);
        lines
    }

    /// The process that serves, ready.
    pub(crate) async fn serve(&self) -> Serving {
        let serving = Serving::spawn(self, None);
        serving.ready(self).await;
        serving
    }

    /// The process that serves, as far as it comes: it stops at a fail point when it passes there.
    pub(crate) fn serve_until(&self, point: &str) -> Serving {
        Serving::spawn(self, Some(point))
    }

    /// A command that stops at a fail point.
    pub(crate) fn command_until(&self, typed: &str, point: &str) -> Serving {
        let args: Vec<&str> = typed.split_whitespace().collect();
        Serving::start(self, &args, Some(point))
    }

    /// A path of the socket for its own people, asked with plain HTTP: the status and the body.
    pub(crate) async fn ask_api(&self, method: &str, path: &str) -> std::io::Result<(u16, String)> {
        let asking = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.api)).await?;
            let request = format!("{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
            stream.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            stream.take(1 << 20).read_to_string(&mut answer).await?;
            let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok());
            let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
            Ok((status.unwrap_or_default(), body.to_owned()))
        };
        timeout(Duration::from_secs(5), asking).await?
    }
}

/// A process of a node. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Serving {
    child: Child,
    log: PathBuf,
    mark: PathBuf,
}

impl Serving {
    fn spawn(node: &Node, point: Option<&str>) -> Self {
        Self::start(node, &["serve"], point)
    }

    fn start(node: &Node, args: &[&str], point: Option<&str>) -> Self {
        let log = node.file(&format!("{}.log", node.handle));
        let mark = node.file(&format!("{}.mark", node.handle));
        let file = File::options().create(true).append(true).open(&log).unwrap();
        let mut command = node.command(args);
        command.stdout(Stdio::null()).stderr(file);
        if let Some(point) = point {
            let _ = std::fs::remove_file(&mark);
            command.env("COMITY_FAIL_POINT", point).env("COMITY_FAIL_MARK", &mark);
        }
        Self { child: command.spawn().unwrap(), log, mark }
    }

    async fn ready(&self, node: &Node) {
        let ready = || async {
            node.ask_api("GET", "/readyz").await.is_ok_and(|(status, _)| status == 200)
        };
        let waiting = until("the node is ready", async || ready().await.then_some(()));
        let watched = timeout(Duration::from_secs(30), waiting).await;
        assert!(watched.is_ok(), "{} is not ready: {}", node.handle, self.said());
    }

    /// Waits until the process stands at its fail point.
    pub(crate) async fn at_fail_point(&mut self, point: &str) {
        let (mark, child) = (&self.mark, std::sync::Mutex::new(&mut self.child));
        let log = &self.log;
        until(&format!("it stops at `{point}`"), async || {
            let ended = child.lock().unwrap().try_wait().unwrap();
            let log = || std::fs::read_to_string(log).unwrap();
            assert!(ended.is_none(), "it ended before `{point}`: {ended:?} {}", log());
            mark.exists().then_some(())
        })
        .await;
    }

    /// Kills it, as a power cut would.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// What it wrote to its log.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// The most memory that it had so far, in KiB.
    pub(crate) fn most_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id().unwrap());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}
