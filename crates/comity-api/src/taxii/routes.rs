//! One module for each resource of the standard, and what they share.

pub(super) mod collections;
pub(super) mod discovery;
pub(super) mod manifest;
pub(super) mod object;
pub(super) mod objects;
pub(super) mod root;
pub(super) mod status;
pub(super) mod versions;

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use comity_exchange::access::Verb;
use comity_exchange::ports::{Role, Versions, ViewQuery, ViewRow, ViewState};
use comity_model::Digest;
use serde::Serialize;

use super::gate::{Access, Peer, Visitor};
use super::media::{self, Coding};
use super::pages::Page;
use super::params::Params;
use super::{Fault, Taxii};

/// Everything about a request but its body, from somebody who was let in and takes the answers that there are.
pub(crate) struct Asked {
    pub(super) visitor: Visitor,
    pub(super) coding: Coding,
    /// Whether it is a HEAD, which gets no byte of what a GET would get.
    is_head: bool,
    query: Option<String>,
}

impl FromRequestParts<Taxii> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, taxii: &Taxii) -> Result<Self, Fault> {
        let peer = parts.extensions.get::<Peer>().copied();
        taxii.gate().enter(&parts.headers, peer).await
    }
}

impl FromRequestParts<Taxii> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, taxii: &Taxii) -> Result<Self, Fault> {
        let visitor = Visitor::from_request_parts(parts, taxii).await?;
        media::accepted(&parts.headers)?;
        let coding = media::coding(&parts.headers);
        let is_head = parts.method == Method::HEAD;
        Ok(Self { visitor, coding, is_head, query: parts.uri.query().map(ToOwned::to_owned) })
    }
}

impl Asked {
    pub(super) fn params(&self, takes: super::params::Takes) -> Result<Params, Fault> {
        Params::read(self.query.as_deref(), takes)
    }

    /// What the visitor may do in the collection of this id or alias. One that it may not know of is not there.
    pub(super) fn access(&self, name: &str) -> Result<&Access, Fault> {
        let id = name.parse::<uuid::Uuid>().ok();
        let found = self
            .visitor
            .collections
            .iter()
            .find(|it| it.collection.alias == name || Some(it.collection.id) == id);
        found.ok_or_else(|| Fault::not_found("there is no such collection"))
    }

    /// The same, where it is to read, to write, or both. Who may not do it here is told so, and that is journalled.
    pub(super) async fn may(
        &self,
        taxii: &Taxii,
        name: &str,
        (read, write): (bool, bool),
    ) -> Result<&Access, Fault> {
        let access = self.access(name)?;
        if (access.read || !read) && (access.write || !write) {
            return Ok(access);
        }
        taxii.gate().denied(&self.visitor, &access.collection, (read, write)).await?;
        Err(Fault::forbidden(match (read, write) {
            (true, false) => "this account may not read here",
            (false, _) => "this account may not write here",
            (true, true) => "only who may read and write here deletes",
        }))
    }
}

/// A resource as JSON.
pub(super) fn resource(status: StatusCode, resource: &impl Serialize) -> Response {
    raw(status, serde_json::to_vec(resource).unwrap_or_default())
}

/// A resource that is JSON already.
pub(super) fn raw(status: StatusCode, body: Vec<u8>) -> Response {
    let media = [(CONTENT_TYPE, HeaderValue::from_static(media::TAXII))];
    (status, media, body).into_response()
}

/// Which of the paged resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Objects,
    Manifest,
    Versions,
}

/// What a page is made of: the body, when each of its members was added, whether there are more, and until when it is true.
pub(super) struct Made {
    pub(super) body: Vec<u8>,
    pub(super) added: Vec<i64>,
    pub(super) more: bool,
    pub(super) until: Option<i64>,
}

/// How often a page is read again because something on it was frozen before it could be noted who gets it.
const READINGS: usize = 8;

/// A page of a collection for a visitor, from memory or made by `make`, which gets the query and gives the page that
/// follows a token for what comes next.
pub(super) async fn page<M, F>(
    taxii: &Taxii,
    asked: &Asked,
    name: &str,
    (kind, object): (Kind, Option<&str>),
    params: &Params,
    make: M,
) -> Result<Response, Fault>
where
    M: Fn(ViewQuery, Giver) -> F + Send + Sync,
    F: Future<Output = Result<Made, Fault>> + Send,
{
    let access = asked.may(taxii, name, (true, false)).await?;
    let row = taxii.gate().view(&asked.visitor, access.collection.id).await?;
    let (view, whole) = (row.number, whole(&row, kind, object, params));
    let after = match &params.next {
        None => params.added_after.unwrap_or(i64::MIN),
        Some(token) => taxii.tickets().read(token, &whole)?,
    };
    let ids = match object {
        Some(id) => Some(vec![id.to_owned()]),
        None => params.ids.clone(),
    };
    let query = ViewQuery {
        view,
        after,
        types: params.types.clone(),
        ids: if params.is_spoken { ids } else { Some(Vec::new()) },
        versions: if kind == Kind::Versions { Versions::All } else { params.versions.clone() },
        limit: params.limit.unwrap_or(u32::MAX).min(taxii.settings().page_objects),
        bytes: taxii.settings().page_bytes,
    };
    let key = Digest::of(format!("{whole} {after} {}", query.limit).as_bytes());
    let giver = || Giver { taxii: taxii.clone(), whole };
    for _ in 0..READINGS {
        let page = read(taxii, key, &query, |query| make(query, giver())).await?;
        if page.added.is_empty() && !is_there(taxii, view, kind, object, params).await? {
            return Err(Fault::not_found("there is no such object in the collection"));
        }
        let is_given = kind == Kind::Objects && !asked.is_head;
        if is_given && !given(taxii, &asked.visitor, view, &page).await? {
            continue;
        }
        let verb = if is_given { Verb::Opened } else { Verb::Searched };
        let (account, collection) = (&asked.visitor.account.name, access.collection.id);
        let count = page.added.len() as u64;
        taxii.looks().note(account, collection, verb, object, count).await?;
        return Ok(page.answer(asked.coding).await);
    }
    Err(Fault::unavailable())
}

/// The page of this name, from memory where it is true.
async fn read<M, F>(
    taxii: &Taxii,
    key: Digest,
    query: &ViewQuery,
    make: M,
) -> Result<Arc<Page>, Fault>
where
    M: FnOnce(ViewQuery) -> F + Send,
    F: Future<Output = Result<Made, Fault>> + Send,
{
    let state: ViewState = taxii.node().store().view_state(query.view).await?;
    let now = taxii.node().now().as_millisecond();
    if let Some(page) = taxii.pages().find(&key, &state, now) {
        return Ok(page);
    }
    let after = query.after;
    let Made { body, added, more, until } = make(query.clone()).await?;
    let page = Arc::new(Page::new(body, after, added, state, more, until));
    taxii.pages().keep(key, &page);
    Ok(page)
}

/// Whether an object is in a view in the versions asked for, however long ago it was added. What was deleted is not (section
/// 5.7), and neither is what was never there.
async fn is_there(
    taxii: &Taxii,
    view: u64,
    kind: Kind,
    object: Option<&str>,
    params: &Params,
) -> Result<bool, Fault> {
    let Some(id) = object else { return Ok(true) };
    let versions = if kind == Kind::Versions { Versions::All } else { params.versions.clone() };
    let query = ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        ids: Some(vec![id.to_owned()]),
        versions,
        limit: 1,
        bytes: 0,
    };
    let found = taxii.node().store().view_manifest(query).await?;
    Ok(!found.members.is_empty())
}

/// What a unit pulls of what partners released is noted before it is handed over, object by object, so that a recall knows who
/// has it. Gives whether it may be: what was frozen since the page was read would be missed by the recall that froze it.
async fn given(taxii: &Taxii, visitor: &Visitor, view: u64, page: &Page) -> Result<bool, Fault> {
    let Role::Unit(unit) = &visitor.account.role else { return Ok(true) };
    if page.added.is_empty() {
        return Ok(true);
    }
    let node = taxii.node();
    Ok(node.store().pulled(unit.clone(), view, page.added.clone(), node.now()).await?)
}

/// Gives the token for what comes after a member.
pub(super) struct Giver {
    taxii: Taxii,
    whole: Digest,
}

impl Giver {
    pub(super) fn token(&self, after: i64) -> String {
        self.taxii.tickets().give(&self.whole, after)
    }

    pub(super) fn taxii(&self) -> &Taxii {
        &self.taxii
    }
}

/// What a token and a page in memory are bound to: the very view, the resource and what it was filtered by, but not where it began
/// and how much of it was asked for.
fn whole(view: &ViewRow, kind: Kind, object: Option<&str>, params: &Params) -> Digest {
    let Params { ids, types, versions, is_spoken, .. } = params;
    let identity = view.identity;
    let whole =
        format!("{identity} {kind:?} {object:?} {ids:?} {types:?} {versions:?} {is_spoken}");
    Digest::of(whole.as_bytes())
}
