//! The recovery part of the port, method by method.

use async_trait::async_trait;
use comity_exchange::ports::{Doubt, Gap, JournalEntry, Recovery, Refusals, StoreError, Unsaid};
use comity_model::{ChannelId, PartyRoot};
use jiff::Timestamp;

use super::{SqliteStore, doubt, epochs, folios, journal, pouches};

type Result<T> = std::result::Result<T, StoreError>;

#[async_trait]
impl Recovery for SqliteStore {
    async fn doubts(&self) -> Result<Vec<Doubt>> {
        self.read("doubts", doubt::all).await
    }

    async fn doubt(&self, doubt: Doubt, folios: u32, journal: Vec<JournalEntry>) -> Result<bool> {
        self.write("doubt", move |tx| doubt::put(tx, &doubt, folios, &journal)).await
    }

    async fn last_folio(&self, year: i16) -> Result<u32> {
        self.read("last-folio", move |read| folios::last(read, year)).await
    }

    async fn pass_over_folios(
        &self,
        year: i16,
        folios: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<()> {
        self.write("pass-over-folios", move |tx| {
            doubt::skip_folios(tx, year, folios)?;
            journal::write(tx, &journal)
        })
        .await
    }

    async fn trust(&self, partner: PartyRoot, journal: Vec<JournalEntry>) -> Result<()> {
        self.write("trust", move |tx| doubt::end(tx, partner, &journal)).await
    }

    async fn epoch(&self, channel: ChannelId) -> Result<u32> {
        self.read("epoch", move |read| epochs::current(read, &channel)).await
    }

    async fn epoch_end(&self, channel: ChannelId) -> Result<Option<u64>> {
        self.read("epoch-end", move |read| epochs::end(read, &channel)).await
    }

    async fn unsaid(&self, channel: ChannelId) -> Result<Vec<Unsaid>> {
        self.read("unsaid", move |read| epochs::unsaid(read, &channel)).await
    }

    async fn waiting(&self, partner: PartyRoot) -> Result<u64> {
        self.read("waiting", move |read| pouches::waiting(read, partner)).await
    }

    async fn gaps(&self) -> Result<Vec<Gap>> {
        self.read("gaps", pouches::gaps).await
    }

    async fn refusals(&self) -> Result<Vec<Refusals>> {
        self.read("refusals", pouches::refusals).await
    }

    async fn restored(
        &self,
        at: Timestamp,
        folios: u32,
        journal: Vec<JournalEntry>,
    ) -> Result<Vec<PartyRoot>> {
        self.write("restored", move |tx| doubt::restored(tx, at, folios, &journal)).await
    }
}
