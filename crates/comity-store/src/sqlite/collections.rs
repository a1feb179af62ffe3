//! The half of the port behind TAXII, method by method.

use std::collections::BTreeMap;

use async_trait::async_trait;
use comity_exchange::ports::{
    Account, Advance, Audience, CollectionRecord, Collections, Grant, HoldSummary, JournalEntry,
    ManifestPage, NotHeld, ObjectPage, PageKey, Posting, Shown, StatusBound, StoreError, Token,
    ViewQuery, ViewRow, ViewState,
};
use comity_model::{Digest, Holding};
use jiff::Timestamp;
use uuid::Uuid;

use super::tx::Tx;
use super::views::{Showing, entries, given, page};
use super::{SqliteStore, accounts, views};

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Collections for SqliteStore {
    async fn add_account(&self, account: Account, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("add-account", move |tx| accounts::add(tx, &account, &journal)).await
    }

    async fn change_account(&self, account: Account, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("change-account", move |tx| accounts::change(tx, &account, &journal)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.read("accounts", accounts::all).await
    }

    async fn add_token(&self, token: Token, journal: Vec<JournalEntry>) -> Result<u64> {
        self.write("add-token", move |tx| accounts::add_token(tx, &token, &journal)).await
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        self.read("tokens", accounts::tokens).await
    }

    async fn revoke_token(
        &self,
        number: u64,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("revoke-token", move |tx| accounts::revoke_token(tx, number, at, &journal)).await
    }

    async fn add_collection(
        &self,
        collection: CollectionRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("add-collection", move |tx| views::add(tx, &collection, &journal)).await
    }

    async fn change_collection(
        &self,
        collection: CollectionRecord,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("change-collection", move |tx| views::change(tx, &collection, &journal)).await
    }

    async fn remove_collection(&self, id: Uuid, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("remove-collection", move |tx| views::remove(tx, id, &journal)).await
    }

    async fn collections(&self) -> Result<Vec<CollectionRecord>> {
        self.read("collections", views::collections).await
    }

    async fn grant_collection(&self, grant: Grant, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("grant-collection", move |tx| accounts::grant(tx, &grant, &journal)).await
    }

    async fn grants(&self) -> Result<Vec<Grant>> {
        self.read("grants", accounts::grants).await
    }

    async fn access_generation(&self) -> Result<u64> {
        self.read("access-generation", accounts::generation).await
    }

    async fn page_key(&self, fresh: [u8; 32]) -> Result<PageKey> {
        if let Some(key) = self.read("page-key", accounts::page_key).await? {
            return Ok(key);
        }
        self.write("make-page-key", move |tx| accounts::make_page_key(tx, &fresh)).await
    }

    async fn open_view(&self, collection: Uuid, audience: Audience) -> Result<ViewRow> {
        let known = self.read("view", move |read| views::find(read, collection, audience)).await?;
        match known {
            Some(view) => Ok(view),
            None => self.write("open-view", move |tx| views::open(tx, collection, audience)).await,
        }
    }

    async fn views(&self) -> Result<Vec<ViewRow>> {
        self.read("views", views::all).await
    }

    async fn entered(&self) -> Result<u64> {
        self.read("entered", entries::last).await
    }

    async fn is_touched(&self) -> Result<bool> {
        self.read("is-touched", entries::is_touched).await
    }

    async fn advance_views(&self, input: Advance) -> Result<u64> {
        let now = self.now();
        self.write("advance-views", move |tx| views::advance(tx, &input, now)).await
    }

    async fn view_state(&self, view: u64) -> Result<ViewState> {
        self.read("view-state", move |read| views::state(read, view)).await
    }

    async fn view_objects(&self, query: ViewQuery) -> Result<ObjectPage> {
        let now = self.now();
        self.read("view-objects", move |read| page::objects(read, &query, now)).await
    }

    async fn view_manifest(&self, query: ViewQuery) -> Result<ManifestPage> {
        let now = self.now();
        self.read("view-manifest", move |read| page::manifest(read, &query, now)).await
    }

    async fn pulled(
        &self,
        unit: String,
        view: u64,
        added: Vec<i64>,
        at: Timestamp,
    ) -> Result<bool> {
        // what was pulled before is not written again, so most pulls take no turn at writing
        let (asked, members) = (unit.clone(), added.clone());
        let noted = self
            .read("unpulled", move |read| given::are_noted(read, &asked, view, &members))
            .await?;
        match noted {
            Some(answer) => Ok(answer),
            None => self.write("pulled", move |tx| given::note(tx, &unit, view, &added, at)).await,
        }
    }

    async fn post(
        &self,
        collection: Uuid,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
        shown: Shown,
    ) -> Result<(HoldSummary, Vec<NotHeld>)> {
        let now = self.now();
        let posted = move |tx: &Tx<'_>| {
            views::post(tx, collection, &batch, &journal, &Showing { shown: &shown, now })
        };
        self.write("post", posted).await
    }

    async fn written_at(
        &self,
        collection: Uuid,
        versions: Vec<(String, String, Digest)>,
    ) -> Result<Vec<Option<Timestamp>>> {
        self.read("written-at", move |read| {
            let collection = accounts::collection(read, collection)?;
            let came = |(id, version, digest): &(String, String, Digest)| {
                let found = views::written(read, collection, (id, version, digest))?;
                Ok(found.map(|(_, at)| at))
            };
            versions.iter().map(came).collect()
        })
        .await
    }

    async fn first_told(
        &self,
        collection: Uuid,
        account: String,
        objects: BTreeMap<String, Digest>,
        at: Timestamp,
    ) -> Result<BTreeMap<String, Timestamp>> {
        self.write("first-told", move |tx| {
            accounts::first_told(tx, (collection, &account), &objects, at)
        })
        .await
    }

    async fn remove_objects(
        &self,
        collection: Uuid,
        id: String,
        versions: Option<Vec<Timestamp>>,
        journal: Vec<JournalEntry>,
        shown: Shown,
    ) -> Result<u64> {
        let now = self.now();
        let removed = move |tx: &Tx<'_>| {
            let showing = Showing { shown: &shown, now };
            views::remove_objects(tx, collection, &id, versions.as_deref(), &journal, &showing)
        };
        self.write("remove-objects", removed).await
    }

    async fn put_posting(
        &self,
        posting: Posting,
        forget: Timestamp,
        kept: StatusBound,
    ) -> Result<()> {
        self.write("put-posting", move |tx| accounts::put_posting(tx, &posting, forget, kept)).await
    }

    async fn posting(&self, id: Uuid) -> Result<Option<Posting>> {
        self.read("posting", move |read| accounts::posting(read, id)).await
    }
}
