//! A node that serves: a process of its own, watched, stopped and killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::ask::{Desk, PATIENCE};
use super::failure::{DemoError, Result};
use crate::commands::serve::parent;

/// How long a node may take to stop when it is asked to.
const FAREWELL: Duration = Duration::from_secs(10);
/// How often it is asked whether it is ready.
const LOOK: Duration = Duration::from_millis(50);
/// How long one such question may take.
const QUESTION: Duration = Duration::from_secs(5);

/// A running `comity serve`. Dropping it kills the process, and so does the end of this one, however it comes.
#[derive(Debug)]
pub(super) struct Server {
    handle: &'static str,
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts it; what it logs is added to `log`.
    pub(super) fn start(desk: &Desk, passphrase: &str, log: &Path) -> Result<Self> {
        let open = File::options().create(true).append(true).open(log);
        let file = open.map_err(|error| DemoError::disk(log, &error))?;
        let system = |error: std::io::Error| DemoError::System(error.to_string());
        let child = desk
            .command(&["serve".into()], passphrase)
            .env(parent::VARIABLE, "1")
            .stdout(Stdio::from(file.try_clone().map_err(system)?))
            .stderr(Stdio::from(file))
            .spawn()
            .map_err(system)?;
        Ok(Self { handle: desk.data, child, log: log.to_owned() })
    }

    /// Waits until the node says that it is ready.
    pub(super) async fn ready(&mut self, api: SocketAddr) -> Result<()> {
        let what = format!("`{}` to be ready", self.handle);
        let ready = async {
            loop {
                if let Some(fallen) = self.fallen() {
                    return Err(fallen);
                }
                if matches!(timeout(QUESTION, is_ready(api)).await, Ok(Ok(true))) {
                    return Ok(());
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let slow = DemoError::Slow { what, seconds: PATIENCE.as_secs() };
        timeout(PATIENCE, ready).await.unwrap_or(Err(slow))
    }

    /// Waits until it ends by itself, which it should not.
    pub(super) async fn watch(&mut self) -> DemoError {
        match self.child.wait().await {
            Ok(exit) => self.stopped(exit),
            Err(error) => DemoError::System(error.to_string()),
        }
    }

    /// Kills it with SIGKILL: it gets no chance to tidy up.
    pub(super) async fn kill(mut self) -> Result<()> {
        self.child.kill().await.map_err(|error| DemoError::System(error.to_string()))
    }

    /// Asks it to stop, and kills it if it does not.
    pub(super) async fn stop(mut self) -> Result<()> {
        if let Some(id) = self.child.id() {
            let asked = Command::new("sh")
                .args(["-c", "kill -TERM \"$1\"", "sh", &id.to_string()])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            let gone = async {
                asked.await?;
                self.child.wait().await
            };
            if matches!(timeout(FAREWELL, gone).await, Ok(Ok(_))) {
                return Ok(());
            }
        }
        self.kill().await
    }

    /// Whether it ended by itself, and how.
    pub(super) fn fallen(&mut self) -> Option<DemoError> {
        let ended = self.child.try_wait().ok().flatten();
        ended.map(|exit| self.stopped(exit))
    }

    fn stopped(&self, exit: ExitStatus) -> DemoError {
        DemoError::Stopped { handle: self.handle, exit: exit.to_string(), log: self.log.clone() }
    }
}

/// Asks `/readyz` over HTTP/1.0 and reads the status alone.
async fn is_ready(api: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(api).await?;
    stream.write_all(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.take(1 << 16).read_to_end(&mut answer).await?;
    let mut words = answer.split(|byte| *byte == b' ');
    Ok(words.next().is_some_and(|version| version.starts_with(b"HTTP/1."))
        && words.next() == Some(b"200"))
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// Whether a node is taken as ready that answers with these bytes.
    async fn ready(answer: &'static [u8]) -> bool {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api = listener.local_addr().unwrap();
        let serving = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                assert_ne!(stream.read_buf(&mut asked).await.unwrap(), 0);
            }
            assert!(asked.starts_with(b"GET /readyz HTTP/1.0\r\n"));
            stream.write_all(answer).await.unwrap();
        };
        tokio::join!(is_ready(api), serving).0.unwrap_or(false)
    }

    #[tokio::test]
    async fn only_a_node_that_says_so_is_ready() {
        assert!(ready(b"HTTP/1.0 200 OK\r\n\r\n{}").await);
        assert!(ready(b"HTTP/1.1 200 OK\r\n\r\n").await);
        assert!(!ready(b"HTTP/1.1 503 Service Unavailable\r\n\r\n200").await);
        assert!(!ready(b"SSH-2.0 200 \r\n").await);
        assert!(!ready(b"").await);
    }
}
