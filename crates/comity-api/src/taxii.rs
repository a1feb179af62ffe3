//! TAXII 2.1 (OASIS Standard, 10 June 2021) for this party's own programs and its units: every resource of the standard over
//! the collections of [`comity_exchange::collection`].
//!
//! A request is let in by [`gate`], its parameters are read strictly by [`params`], and its answer is copied from what the
//! store holds by [`pages`]. No party's partner has an account here, and no key of the link opens anything (invariant
//! no-foothold).

mod bodies;
mod fault;
mod gate;
mod listener;
mod looks;
mod media;
mod pages;
mod params;
mod passwords;
mod places;
mod pulse;
mod rates;
mod routes;
mod ticket;
mod time;
mod tls;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::Uri;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, VARY, X_CONTENT_TYPE_OPTIONS};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use comity_exchange::Node;
use comity_exchange::feed::Room;

use bodies::Bodies;
pub(crate) use fault::Fault;
pub use gate::Peer;
use gate::{Gate, Visitor};
pub use listener::{TaxiiLimits, serve_taxii};
use looks::Looks;
use pages::Pages;
use ticket::Tickets;
pub use tls::{TaxiiTls, TaxiiTlsError, key_of_certificate};

/// The only API root (section 4.2).
pub(crate) const ROOT: &str = "/comity/";

/// What the server says of itself, and how much it takes.
#[derive(Debug, Clone)]
pub struct TaxiiSettings {
    /// What it is called (section 4.1.1).
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Bytes of a request's body, at the most (`max_content_length`, section 4.2.1).
    pub body_bytes: usize,
    /// Objects on a page, at the most, and where a client asks for no other number.
    pub page_objects: u32,
    /// Bytes of the objects on a page, at the most, but one object at least.
    pub page_bytes: usize,
    /// Bytes of pages that are kept in memory.
    pub cache_bytes: usize,
    /// Bytes of the bodies of all requests together that are in memory, being sent or being worked on; one account may take half
    /// of them. Two bodies of [`TaxiiSettings::body_bytes`] of different accounts have room always.
    pub all_bodies_bytes: usize,
    /// How long the next part of a body may take, and how long a body waits for room.
    pub body_pause: Duration,
    /// Asks how many bytes may still be written on the disk; nothing is asked where there is none. What a body would not leave
    /// room for gets 503.
    pub disk: Option<Room>,
}

impl Default for TaxiiSettings {
    fn default() -> Self {
        Self {
            title: "Comity".to_owned(),
            description: None,
            contact: None,
            body_bytes: 16 << 20,
            page_objects: 1_000,
            page_bytes: 16 << 20,
            cache_bytes: 64 << 20,
            all_bodies_bytes: 64 << 20,
            body_pause: Duration::from_secs(10),
            disk: None,
        }
    }
}

/// A TAXII server over a node. Clones share it.
#[derive(Clone)]
pub struct Taxii {
    inner: Arc<Inner>,
}

struct Inner {
    node: Node,
    settings: TaxiiSettings,
    gate: Gate,
    tickets: Tickets,
    pages: Pages,
    looks: Looks,
    bodies: Bodies,
}

impl Taxii {
    /// A server over `node`. Fails where the store does.
    pub async fn new(node: Node, settings: TaxiiSettings) -> comity_exchange::Result<Self> {
        let tickets = Tickets::load(&node).await?;
        let gate = Gate::new(node.clone());
        let pages = Pages::new(settings.cache_bytes);
        let looks = Looks::new(node.clone());
        let bodies = Bodies::new(settings.all_bodies_bytes, settings.body_bytes);
        let inner = Inner { node, settings, gate, tickets, pages, looks, bodies };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The resources of TAXII 2.1 and nothing else.
    pub fn router(&self) -> Router {
        let collection = "/comity/collections/{collection}";
        let at = |rest: &str| format!("{collection}{rest}");
        let object = "/objects/{object}";
        let mut router = Router::new();
        let mut add = |path: &str, methods: axum::routing::MethodRouter<Self>| {
            // with its slash at the end, as the standard writes it, and without
            let router_with = std::mem::take(&mut router);
            router = router_with.route(&format!("{path}/"), methods.clone()).route(path, methods);
        };
        add("/taxii2", get(routes::discovery::get));
        add("/comity", get(routes::root::get));
        add("/comity/status/{status}", get(routes::status::get));
        add("/comity/collections", get(routes::collections::all));
        add(collection, get(routes::collections::one));
        add(&at("/manifest"), get(routes::manifest::get));
        add(&at("/objects"), get(routes::objects::get).merge(post(routes::objects::post)));
        add(&at(object), get(routes::object::get).delete(routes::object::delete));
        add(&at(&format!("{object}/versions")), get(routes::versions::get));
        router
            .fallback(nothing)
            .method_not_allowed_fallback(other_method)
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn(furnish))
            .with_state(self.clone())
    }

    pub(crate) fn node(&self) -> &Node {
        &self.inner.node
    }

    pub(crate) fn settings(&self) -> &TaxiiSettings {
        &self.inner.settings
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    pub(crate) fn tickets(&self) -> &Tickets {
        &self.inner.tickets
    }

    pub(crate) fn pages(&self) -> &Pages {
        &self.inner.pages
    }

    pub(crate) fn bodies(&self) -> &Bodies {
        &self.inner.bodies
    }

    pub(crate) fn looks(&self) -> &Looks {
        &self.inner.looks
    }
}

impl fmt::Debug for Taxii {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taxii").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

/// Who is not let in does not learn what there is and what not.
async fn nothing(_: Visitor, uri: Uri) -> Fault {
    tracing::debug!(path = uri.path(), "nothing is there");
    Fault::not_found("there is nothing at this path; begin at /taxii2/")
}

async fn other_method(_: Visitor) -> Fault {
    Fault::method()
}

/// Counts the request and sets the fields that every answer has.
async fn furnish(request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let mut response = next.run(request).await;
    let is_ours = response.headers().get(CONTENT_TYPE).is_some_and(|it| it == media::TAXII);
    if response.status().is_client_error() && !is_ours {
        // a path that is no text never comes to a resource, and its answer is an error as the standard has them all the same
        response = Fault::path().into_response();
    }
    let status = response.status().as_str().to_owned();
    ::metrics::counter!("comity_taxii_requests_total", "method" => method, "status" => status)
        .increment(1);
    let fields = response.headers_mut();
    fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    fields.append(VARY, HeaderValue::from_static("accept, accept-encoding, authorization"));
    response
}
