//! A listener over checks that the test sets, and a client that says what it likes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use comity_api::{Api, ApiLimits, Check, Readiness, serve};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Says what the test says.
#[derive(Default)]
pub(crate) struct Checks {
    pub(crate) faults: Mutex<Vec<Check>>,
    pub(crate) looks: AtomicUsize,
}

#[async_trait]
impl Readiness for Checks {
    async fn checks(&self) -> Vec<Check> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        let mut checks = vec![Check::passed("store"), Check::passed("disk"), Check::passed("keys")];
        for fault in self.faults.lock().unwrap().iter() {
            checks.retain(|check| check.name != fault.name);
            checks.push(*fault);
        }
        checks
    }
}

pub(crate) struct Running {
    pub(crate) address: String,
    pub(crate) checks: Arc<Checks>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) task: JoinHandle<()>,
}

pub(crate) async fn start(exercise: bool, limits: ApiLimits, faults: &[Check]) -> Running {
    let checks = Arc::new(Checks { faults: Mutex::new(faults.to_vec()), ..Checks::default() });
    let recorder = PrometheusBuilder::new().build_recorder();
    let counter =
        metrics::with_local_recorder(&recorder, || metrics::counter!("comity_test_total"));
    counter.increment(7);
    let api = Api::new(checks.clone(), recorder.handle(), exercise);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (stop, shutdown) = watch::channel(false);
    let task = tokio::spawn(serve(listener, api, limits, shutdown));
    Running { address, checks, stop, task }
}

/// An answer, with its header in lower case.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) header: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let line = self.header.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::trim)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

impl Running {
    pub(crate) async fn get(&self, path: &str, fields: &str) -> Reply {
        self.ask(&format!("GET {path} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n")).await
    }

    pub(crate) async fn ask(&self, request: &str) -> Reply {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
        read.expect("an answer in time").unwrap();
        let (header, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = header.split(' ').nth(1).unwrap().parse().unwrap();
        Reply { status, header: header.to_lowercase(), body: body.to_owned() }
    }
}
