//! The servers: each in processes of its own, on a port of this machine alone, with the same objects.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use comity_testkit::Result;
use serde_json::Value;

use crate::load::{Answer, Connection};

/// The media type of TAXII 2.1.
pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
/// How long a server may take until it answers.
const PATIENCE: Duration = Duration::from_mins(2);

/// A server with its data, started or not.
pub(crate) struct Server {
    pub(crate) name: &'static str,
    pub(crate) version: String,
    pub(crate) address: SocketAddr,
    command: Box<dyn Fn() -> Command>,
    child: Option<Child>,
    /// A path that is answered once it is ready.
    discovery: &'static str,
    /// The path of the collection that holds the objects, and of the one that may be written into.
    pub(crate) full: String,
    pub(crate) empty: String,
    authorization: Option<String>,
}

/// Where everything is that the bench makes.
pub(crate) struct Place {
    folder: PathBuf,
    python: PathBuf,
    comity: PathBuf,
}

impl Place {
    /// A place in a folder. Fails where `scripts/bench` did not build and install what is needed.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
        let top = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."));
        let (python, comity) = ("servers/bin/python", "demo/comity");
        let [python, comity] = [python, comity].map(|it| top.join(&target).join(it));
        for needed in [&python, &comity] {
            if !needed.exists() {
                let text = format!(
                    "there is no `{}`; run this by `scripts/bench taxii`",
                    needed.display()
                );
                return Err(text.into());
            }
        }
        Ok(Self { folder: folder.to_owned(), python, comity })
    }

    /// A folder of that name in it.
    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A Comity node that holds the objects of a file, with the collections `full` and `empty`.
    pub(crate) fn comity(&self, name: &str, objects: &Path) -> Result<Server> {
        let folder = self.folder(name)?;
        let data = folder.join("node");
        let run = |words: &[&str], place: Option<&Path>| -> Result<Value> {
            let mut command = Command::new(&self.comity);
            command.args(words).args(place).arg("--data").arg(&data).arg("--json");
            said(command.stdin(Stdio::null()))
        };
        let [link, api, address] = [free()?, free()?, free()?];
        let (link, api) = (link.to_string(), api.to_string());
        let made = run(
            &[
                "init",
                "--handle",
                "us",
                "--name",
                "Bench",
                "--exercise",
                "--no-passphrase",
                "--link-listen",
                &link,
                "--api-listen",
                &api,
            ],
            None,
        )?;
        let settings = data.join("comity.toml");
        let text = std::fs::read_to_string(&settings)?;
        let listen = format!("[taxii]\nlisten = \"{address}\"\n");
        std::fs::write(&settings, text.replacen("[taxii]\n", &listen, 1))?;
        let imported = run(&["import"], Some(objects))?;
        run(&["collection", "add", "full", "--title", "Full"], None)?;
        run(&["collection", "add", "empty", "--title", "Empty", "--writable"], None)?;
        run(&["user", "add", "bench", "--role", "tool", "--per-minute", "1000000"], None)?;
        run(&["collection", "grant", "full", "bench", "--read"], None)?;
        run(&["collection", "grant", "empty", "bench", "--read", "--write"], None)?;
        let token = run(&["token", "new", "bench", "--expires", "7d"], None)?;
        let token = text_of(&token, "/token")?;
        if imported.pointer("/rejected").and_then(Value::as_u64) != Some(0) {
            return Err(format!("not every object was taken: {imported}").into());
        }
        let version =
            made.pointer("/version").and_then(Value::as_str).unwrap_or(env!("CARGO_PKG_VERSION"));
        let (program, log) = (self.comity.clone(), folder.join("log"));
        Ok(Server {
            name: "comity",
            version: version.to_owned(),
            address,
            command: Box::new(move || {
                let mut command = Command::new(&program);
                command.args(["serve", "--data"]).arg(&data).stderr(log_at(&log));
                command
            }),
            child: None,
            discovery: "/taxii2/",
            full: "/comity/collections/full/".to_owned(),
            empty: "/comity/collections/empty/".to_owned(),
            authorization: Some(format!("Bearer {token}")),
        })
    }

    /// `OpenTAXII` over SQLite behind gunicorn with two workers.
    pub(crate) fn opentaxii(&self, objects: &Path) -> Result<Server> {
        let (folder, made) = self.prepare("opentaxii", objects)?;
        let (address, python) = (free()?, self.python.clone());
        let command = move || {
            let mut command = Command::new(&python);
            command
                .args(["-I", "-B", "-W", "ignore", "-m", "gunicorn", "opentaxii.http:app"])
                .args(["--workers", "2", "--log-level", "error", "--timeout", "120"])
                .args(["--bind", &address.to_string()])
                .env("OPENTAXII_CONFIG", folder.join("opentaxii.yml"))
                .current_dir(&folder)
                .stderr(log_at(&folder.join("log")));
            command
        };
        server("opentaxii", address, &made, None, Box::new(command))
    }

    /// medallion with its objects in memory.
    pub(crate) fn medallion(&self, objects: &Path) -> Result<Server> {
        let (folder, made) = self.prepare("medallion", objects)?;
        let (address, python) = (free()?, self.python.clone());
        let command = move || {
            let mut command = Command::new(&python);
            command
                .args(["-I", "-B", "-W", "ignore", "-m", "medallion.scripts.run", "--port"])
                .arg(address.port().to_string())
                .arg(folder.join("medallion.json"))
                .stderr(log_at(&folder.join("log")));
            command
        };
        let basic = "Basic YmVuY2g6YmVuY2g=".to_owned();
        server("medallion", address, &made, Some(basic), Box::new(command))
    }

    /// The bytes of these answers and nothing else, served by this very program.
    pub(crate) fn still(&self, answers: &[(String, Vec<u8>)]) -> Result<Server> {
        let folder = self.folder("static")?;
        let mut index = serde_json::Map::new();
        for (number, (target, body)) in answers.iter().enumerate() {
            let name = format!("{number}.json");
            std::fs::write(folder.join(&name), body)?;
            index.insert(target.clone(), name.into());
        }
        std::fs::write(folder.join("index.json"), serde_json::to_vec(&index)?)?;
        let (address, program) = (free()?, std::env::current_exe()?);
        Ok(Server {
            name: "static",
            version: "hyper 1".to_owned(),
            address,
            command: Box::new(move || {
                let mut command = Command::new(&program);
                command.arg("--static").arg(&folder).arg(address.to_string());
                command
            }),
            child: None,
            discovery: "/taxii2/",
            full: "/comity/collections/full/".to_owned(),
            empty: String::new(),
            authorization: None,
        })
    }

    fn prepare(&self, name: &'static str, objects: &Path) -> Result<(PathBuf, Value)> {
        let folder = self.folder(name)?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/taxii.py");
        let mut command = Command::new(&self.python);
        command.args(["-I", "-B", "-W", "ignore"]).arg(script).arg(name).arg(&folder).arg(objects);
        Ok((folder, said(&mut command)?))
    }
}

fn server(
    name: &'static str,
    address: SocketAddr,
    made: &Value,
    authorization: Option<String>,
    command: Box<dyn Fn() -> Command>,
) -> Result<Server> {
    let collection = |id: &str| -> Result<String> {
        Ok(format!("{}collections/{}/", text_of(made, "/root")?, text_of(made, id)?))
    };
    Ok(Server {
        name,
        version: text_of(made, "/version")?,
        address,
        command,
        child: None,
        discovery: "/taxii2/",
        full: collection("/full")?,
        empty: collection("/empty")?,
        authorization,
    })
}

impl Server {
    /// Starts it, and gives how long it took until it answered.
    pub(crate) async fn start(&mut self) -> Result<Duration> {
        let begun = Instant::now();
        let mut command = (self.command)();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        self.child = Some(command.spawn()?);
        let request = self.get(self.discovery);
        loop {
            let ready = async {
                let mut connection = Connection::open(self.address).await?;
                connection.ask(&request).await
            };
            if ready.await.is_ok_and(|it: Answer| matches!(it.status, 200 | 404)) {
                return Ok(begun.elapsed());
            }
            let ended = self.child.as_mut().map(Child::try_wait).transpose()?.flatten();
            if ended.is_some() || begun.elapsed() > PATIENCE {
                return Err(format!("{} does not answer: {ended:?}", self.name).into());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends it with its workers.
    pub(crate) fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if let Some(id) = rustix::process::Pid::from_raw(i32::try_from(child.id())?) {
            // gunicorn ends its workers by itself when it is asked to
            rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
        }
        child.wait()?;
        Ok(())
    }

    /// The bytes of a request that asks for something.
    pub(crate) fn get(&self, target: &str) -> Vec<u8> {
        self.request("GET", target, None)
    }

    /// The bytes of a request that brings an envelope.
    pub(crate) fn post(&self, target: &str, body: &[u8]) -> Vec<u8> {
        self.request("POST", target, Some(body))
    }

    fn request(&self, method: &str, target: &str, body: Option<&[u8]>) -> Vec<u8> {
        let mut text =
            format!("{method} {target} HTTP/1.1\r\nHost: {}\r\nAccept: {TAXII}\r\n", self.address);
        if let Some(authorization) = &self.authorization {
            let _ = write!(text, "Authorization: {authorization}\r\n");
        }
        if let Some(body) = body {
            let length = body.len();
            let _ = write!(text, "Content-Type: {TAXII}\r\nContent-Length: {length}\r\n");
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body.unwrap_or_default());
        bytes
    }

    /// The memory that it and its workers have at the moment, in MiB; `None` where the system does not say.
    pub(crate) fn memory(&self) -> Option<f64> {
        let root = self.child.as_ref()?.id();
        let mut kib = 0;
        for entry in std::fs::read_dir("/proc").ok()?.flatten() {
            let status = std::fs::read_to_string(entry.path().join("status")).unwrap_or_default();
            let field = |name: &str| -> Option<u32> {
                let line = status.lines().find_map(|it| it.strip_prefix(name))?;
                line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
            };
            if field("Pid") == Some(root) || field("PPid") == Some(root) {
                kib += field("VmRSS").unwrap_or_default();
            }
        }
        Some(f64::from(kib) / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // what was already ended cannot be ended again
        let _ = self.stop();
    }
}

/// Runs a command that must succeed, and gives the JSON that it printed.
fn said(command: &mut Command) -> Result<Value> {
    let output = command.output()?;
    if !output.status.success() {
        let [text, errors] = [&output.stdout, &output.stderr].map(|it| String::from_utf8_lossy(it));
        return Err(format!("{command:?} failed: {text}{errors}").into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn text_of(value: &Value, pointer: &str) -> Result<String> {
    let text = value.pointer(pointer).and_then(Value::as_str);
    Ok(text.ok_or_else(|| format!("there is no text at {pointer}"))?.to_owned())
}

fn log_at(path: &Path) -> Stdio {
    std::fs::File::create(path).map_or_else(|_| Stdio::null(), Stdio::from)
}

/// A port of this machine that is free.
fn free() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
