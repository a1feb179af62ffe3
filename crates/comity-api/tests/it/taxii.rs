//! TAXII 2.1, statement by statement: each test names the section of the standard that it holds.

mod access;
mod anew;
mod bodies;
mod clients;
mod core;
mod deleting;
mod errors;
mod filters;
mod given;
mod guesses;
mod hostile;
mod looks;
mod objects;
mod observables;
mod openapi;
mod page;
mod pages;
mod resources;
mod secrecy;
mod walks;
mod writing;

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::header::HOST;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_api::{Taxii, TaxiiLimits, TaxiiSettings, serve_taxii};
use comity_exchange::Node;
use comity_exchange::account::{self, NewAccount};
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::ports::Role;
use comity_exchange::view;
use comity_testkit::{Party, Result, TestClock};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse battery staple";
pub(crate) const MEDIA: &str = "application/taxii+json;version=2.1";

/// A server over a node of its own, with an account `desk` that reads everything and writes into `inbox`.
pub(crate) struct Server {
    pub(crate) party: Party,
    pub(crate) address: SocketAddr,
    pub(crate) all: Uuid,
    pub(crate) inbox: Uuid,
    pub(crate) stop: watch::Sender<bool>,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) fields: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).and_then(|it| it.to_str().ok())
    }

    /// The ids of the objects in it, in their order.
    pub(crate) fn ids(&self) -> Vec<String> {
        let objects = self.json()["objects"].as_array().cloned().unwrap_or_default();
        objects.iter().filter_map(|it| it["id"].as_str()).map(ToOwned::to_owned).collect()
    }
}

impl Server {
    pub(crate) async fn new() -> Result<Self> {
        Self::with(TaxiiSettings::default()).await
    }

    pub(crate) async fn with(settings: TaxiiSettings) -> Result<Self> {
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let party = Party::new("mx", &clock, false).await?;
        Self::of(party, settings).await
    }

    pub(crate) async fn of(party: Party, settings: TaxiiSettings) -> Result<Self> {
        let node = &party.node;
        let all = add_collection(&party, "all", Some("all")).await?;
        let inbox = add_collection(&party, "inbox", None).await?;
        add_account(&party, "desk", Role::Tool).await?;
        for (id, write) in [(all, false), (inbox, true)] {
            let collection = collection::find(node, &id.to_string()).await?;
            collection::grant(node, &collection, "desk", (true, write), "an administrator").await?;
        }
        let (address, stop) = serve(node.clone(), settings, TaxiiLimits::default()).await?;
        Ok(Self { party, address, all, inbox, stop })
    }

    /// The same collections and accounts after the server was stopped and started again.
    pub(crate) async fn restarted(mut self) -> Result<Self> {
        self.party.restart().await?;
        let (limits, settings) = (TaxiiLimits::default(), TaxiiSettings::default());
        let (address, stop) = serve(self.party.node.clone(), settings, limits).await?;
        Ok(Self { address, stop, ..self })
    }

    /// Holds these lines, and sees to it that they are in the collections.
    pub(crate) async fn hold(&self, lines: &str) -> Result<()> {
        self.party.hold(lines).await?;
        self.followed().await
    }

    /// Sees to it that what was written is in all collections, as the worker of a node that serves does.
    pub(crate) async fn followed(&self) -> Result<()> {
        Ok(view::catch_up(&self.party.node).await?)
    }

    /// Asks over a connection of its own.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Answer {
        ask(self.address, request).await.unwrap()
    }

    /// Asks as an account, without a body.
    pub(crate) async fn does(&self, method: Method, path: &str, account: &str) -> Answer {
        self.ask(request(method, path, account).body(Body::empty()).unwrap()).await
    }

    /// `DELETE` as the account `desk`.
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.does(Method::DELETE, path, "desk").await
    }

    /// An account that may do this in the collection of everything and in the inbox.
    pub(crate) async fn account(&self, name: &str, read: bool, write: bool) -> Result<()> {
        add_account(&self.party, name, Role::Tool).await?;
        let inbox = collection::find(&self.party.node, "inbox").await?;
        let by = "an administrator";
        collection::grant(&self.party.node, &inbox, name, (read, write), by).await?;
        Ok(())
    }

    /// `GET` as the account `desk`.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(request(Method::GET, path, "desk").body(Body::empty()).unwrap()).await
    }

    /// `POST` of these objects into the inbox.
    pub(crate) async fn post(&self, objects: &[String]) -> Answer {
        let body = format!(r#"{{"objects":[{}]}}"#, objects.join(","));
        self.send(&format!("/comity/collections/{}/objects/", self.inbox), body).await
    }

    pub(crate) async fn send(&self, path: &str, body: impl Into<Body>) -> Answer {
        let request = request(Method::POST, path, "desk").header("content-type", MEDIA);
        self.ask(request.body(body.into()).unwrap()).await
    }

    /// A path below the collection of everything.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/comity/collections/{}/{rest}", self.all)
    }
}

/// Serves a node on a socket of this machine, until what this gives is dropped.
pub(crate) async fn serve(
    node: Node,
    settings: TaxiiSettings,
    limits: TaxiiLimits,
) -> Result<(SocketAddr, watch::Sender<bool>)> {
    let taxii = Taxii::new(node, settings).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(serve_taxii(listener, taxii, None, limits, stopped));
    Ok((address, stop))
}

/// Asks over a connection of HTTP/1.1.
pub(crate) async fn ask(address: SocketAddr, request: Request<Body>) -> Result<Answer> {
    ask_from([127, 0, 0, 1], address, request).await
}

/// The same, from this address of this machine.
pub(crate) async fn ask_from(
    from: [u8; 4],
    address: SocketAddr,
    mut request: Request<Body>,
) -> Result<Answer> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let stream = socket.connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let talking = tokio::spawn(connection);
    request.headers_mut().insert(HOST, address.to_string().parse()?);
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes().to_vec();
    talking.abort();
    Ok(Answer { status: parts.status, fields: parts.headers, body })
}

/// A request of an account with [`PASSWORD`].
pub(crate) fn request(method: Method, path: &str, account: &str) -> axum::http::request::Builder {
    let credentials = STANDARD.encode(format!("{account}:{PASSWORD}"));
    Request::builder()
        .method(method)
        .uri(path)
        .header("accept", MEDIA)
        .header("authorization", format!("Basic {credentials}"))
}

pub(crate) async fn add_collection(
    party: &Party,
    alias: &str,
    query: Option<&str>,
) -> Result<Uuid> {
    let new = NewCollection {
        alias: alias.to_owned(),
        title: format!("The collection {alias}"),
        query: query.map(ToOwned::to_owned),
        writable: query.is_none(),
        ..NewCollection::default()
    };
    Ok(collection::add(&party.node, new, "an administrator").await?.id)
}

pub(crate) async fn add_account(party: &Party, name: &str, role: Role) -> Result<()> {
    let new = NewAccount {
        name: name.to_owned(),
        role,
        certificate: None,
        per_minute: account::PER_MINUTE,
    };
    account::add(&party.node, new, Some(PASSWORD), "an administrator").await?;
    Ok(())
}

/// The id of the indicator that the testkit makes for a number.
pub(crate) fn id_of(number: u64) -> String {
    let object: Value = serde_json::from_str(&comity_testkit::indicator(number)).unwrap();
    object["id"].as_str().unwrap().to_owned()
}
