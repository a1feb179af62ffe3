//! The half of the port behind standing patterns, method by method.

use async_trait::async_trait;
use comity_exchange::ports::{
    JournalEntry, PatternFigures, PatternPlace, PatternRecord, PatternRow, PatternWork, Patterns,
    SightingRow, StoreError,
};
use comity_model::Holding;

use super::super::SqliteStore;

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Patterns for SqliteStore {
    async fn add_pattern(
        &self,
        pattern: PatternRecord,
        made: Option<Holding>,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("add-pattern", move |tx| super::add(tx, &pattern, made, &journal)).await
    }

    async fn remove_pattern(&self, name: String, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("remove-pattern", move |tx| super::remove(tx, &name, &journal)).await
    }

    async fn patterns(&self) -> Result<Vec<PatternRow>> {
        self.read("patterns", super::all).await
    }

    async fn pattern_figures(&self) -> Result<Vec<(u64, PatternFigures)>> {
        self.read("pattern-figures", super::figures).await
    }

    async fn pattern_place(&self) -> Result<PatternPlace> {
        self.read("pattern-place", super::place).await
    }

    async fn queue_observed(&self, limit: u32) -> Result<bool> {
        self.write("queue-observed", move |tx| super::queue(tx, limit)).await
    }

    async fn observed_due(&self, limit: u32) -> Result<Vec<(String, u64)>> {
        self.read("observed-due", move |read| super::due(read, limit)).await
    }

    async fn observed_between(
        &self,
        after: u64,
        until: u64,
        limit: u32,
    ) -> Result<(Vec<String>, u64)> {
        self.read("observed-between", move |read| super::between(read, after, until, limit)).await
    }

    async fn sighted(&self, observed: Vec<String>) -> Result<Vec<(u64, String)>> {
        self.read("sighted", move |read| super::sighted(read, &observed)).await
    }

    async fn pattern_hits(&self, pattern: u64, limit: u32) -> Result<Vec<String>> {
        self.read("pattern-hits", move |read| super::hits(read, pattern, limit)).await
    }

    async fn pattern_work(&self, work: PatternWork) -> Result<()> {
        let now = self.now();
        self.write("pattern-work", move |tx| super::keep(tx, work, now)).await
    }

    async fn pattern_sightings(&self, pattern: u64, limit: u32) -> Result<Vec<SightingRow>> {
        let now = self.now();
        self.read("pattern-sightings", move |read| super::sightings(read, pattern, limit, now))
            .await
    }
}
