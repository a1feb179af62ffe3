//! The custody half of the port, method by method.

use async_trait::async_trait;
use comity_exchange::ports::{
    Custodial, Custody, Doomed, Frozen, Given, JournalEntry, LegalHold, NewLegalHold, Notice,
    PurgeDue, Received, SignedGrant, StoreError, Tombstone, Unit, Why,
};
use comity_model::{Digest, MatterId, PartyRoot, ReleaseId};
use jiff::Timestamp;

use super::{SqliteStore, connection, freeze, ownership, purge, units};

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Custody for SqliteStore {
    async fn expired(&self, limit: u32) -> Result<Vec<Received>> {
        let now = self.now();
        self.read("expired", move |read| purge::expired(read, now, limit)).await
    }

    async fn purge(&self, stones: Vec<Tombstone>, journal: Vec<JournalEntry>) -> Result<u64> {
        self.write("purge", move |tx| purge::purge(tx, &stones, &journal)).await
    }

    async fn tombstones_followed(&self) -> Result<u64> {
        self.read("tombstones-followed", |read| purge::counter(read, "tombstones")).await
    }

    async fn follow_tombstones(&self, place: u64) -> Result<()> {
        self.write("follow-tombstones", move |tx| purge::follow(tx, place)).await
    }

    async fn purged(&self, release: Digest, why: Why) -> Result<u64> {
        self.read("purged", move |read| purge::purged(read, &release, why)).await
    }

    async fn doomed(&self, limit: u32) -> Result<Vec<Doomed>> {
        self.write("doomed", move |tx| purge::doomed(tx, limit)).await
    }

    async fn undoom(&self, files: Vec<Doomed>) -> Result<()> {
        self.write("undoom", move |tx| purge::undoom(tx, &files)).await
    }

    async fn scrub(&self) -> Result<bool> {
        let seen = self.read("scrub", |read| purge::counter(read, "scrub")).await?;
        if seen == 0 {
            return Ok(true);
        }
        let (path, busy) = (self.path.clone(), self.busy);
        let truncate = move || connection::truncate_log(&path, busy).map_err(StoreError::from);
        let done = tokio::task::spawn_blocking(truncate)
            .await
            .map_err(|error| StoreError::Failed(error.to_string()))??;
        if done {
            self.write("scrubbed", move |tx| purge::scrubbed(tx, seen)).await?;
        }
        Ok(done)
    }

    async fn purge_dues(&self, limit: u32) -> Result<Vec<PurgeDue>> {
        let now = self.now();
        self.read("purge-dues", move |read| purge::dues(read, now, limit)).await
    }

    async fn lay_hold(&self, hold: NewLegalHold, journal: Vec<JournalEntry>) -> Result<LegalHold> {
        self.write("lay-hold", move |tx| freeze::lay_hold(tx, hold, &journal)).await
    }

    async fn lift_hold(
        &self,
        number: u64,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("lift-hold", move |tx| freeze::lift_hold(tx, number, at, &journal)).await
    }

    async fn holds(&self, all: bool) -> Result<Vec<LegalHold>> {
        self.read("holds", move |read| freeze::holds(read, all)).await
    }

    async fn frozen(&self, id: String) -> Result<Vec<Frozen>> {
        self.read("frozen", move |read| freeze::frozen(read, &id)).await
    }

    async fn of_partners(&self, ids: Vec<String>) -> Result<Vec<(String, Option<PartyRoot>)>> {
        let now = self.now();
        self.read("of-partners", move |read| ownership::of_partners(read, &ids, now)).await
    }

    async fn release_objects(
        &self,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<(Received, Custodial)>> {
        self.read("release-objects", move |read| purge::release_objects(read, &release, &objects))
            .await
    }

    async fn releases_with(&self, original: String) -> Result<Vec<(ReleaseId, Vec<String>)>> {
        self.read("releases-with", move |read| units::releases_with(read, &original)).await
    }

    async fn onward(
        &self,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<(ReleaseId, Vec<String>)>> {
        self.read("onward", move |read| units::onward(read, &release, &objects)).await
    }

    async fn add_unit(&self, unit: Unit, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("add-unit", move |tx| units::add(tx, &unit, &journal)).await
    }

    async fn grant_unit(
        &self,
        unit: String,
        grant: SignedGrant,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("grant-unit", move |tx| units::grant(tx, &unit, &grant, &journal)).await
    }

    async fn units(&self) -> Result<Vec<Unit>> {
        self.read("units", units::all).await
    }

    async fn give(
        &self,
        unit: String,
        objects: Vec<Given>,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        let now = self.now();
        self.write("give", move |tx| units::give(tx, &unit, &objects, (at, now), &journal)).await
    }

    async fn notices(
        &self,
        recall: MatterId,
        release: Digest,
        objects: Vec<String>,
    ) -> Result<Vec<Notice>> {
        self.read("notices", move |read| units::notices(read, recall, &release, &objects)).await
    }

    async fn tell(
        &self,
        recall: MatterId,
        unit: String,
        at: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("tell", move |tx| units::tell(tx, recall, &unit, at, &journal)).await
    }
}
