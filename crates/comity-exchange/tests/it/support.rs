//! A node with a hostile partner: `us` sends what no honest node makes, and `mx` takes it in.

use comity_exchange::Node;
use comity_exchange::ports::{
    InboundHead, JournalLine, MatterQuery, OutboundHead, PouchRow, PouchState, TypeCount,
};
use comity_model::statement::AgreementRef;
use comity_model::{ChannelId, Digest};
use comity_testkit::{AgreementText, Forge, Forged, Pair, Result, pair_with};

pub(crate) mod draft;
pub(crate) mod edits;
pub(crate) mod line;
pub(crate) mod matter;
pub(crate) mod raw;

/// Two parties, of which the first does as it likes.
pub(crate) struct Wire {
    pub(crate) pair: Pair,
    pub(crate) agreement: AgreementRef,
    /// The statements that the partner consumed.
    pub(crate) before: Vec<Digest>,
    forged: u64,
}

/// Everything of the receiving node that a refusal must leave alone.
#[derive(Debug, PartialEq)]
pub(crate) struct Look {
    held: Vec<TypeCount>,
    heard: InboundHead,
    said: OutboundHead,
    proposals: usize,
    inbox: usize,
}

impl Wire {
    pub(crate) async fn new() -> Result<Self> {
        Self::with(&AgreementText::default()).await
    }

    pub(crate) async fn with(terms: &AgreementText) -> Result<Self> {
        Self::over(pair_with(terms).await?).await
    }

    pub(crate) async fn over(pair: Pair) -> Result<Self> {
        let stored = pair.mx.node.store().agreements().await?;
        let agreement = stored.first().ok_or("no agreement")?.reference;
        Ok(Self { pair, agreement, before: Vec::new(), forged: 0 })
    }

    pub(crate) fn mx(&self) -> &Node {
        &self.pair.mx.node
    }

    /// The channel in which the hostile partner speaks.
    pub(crate) fn channel(&self) -> ChannelId {
        let (from, to) = (self.pair.us.node.root(), self.mx().root());
        ChannelId { agreement: self.agreement.id, epoch: 1, from, to }
    }

    /// An honest next statement of a kind; tests make it dishonest.
    pub(crate) fn forge(&mut self, kind: &str) -> Forge {
        self.forged += 1;
        let seed = format!("statement {}", self.forged);
        let channel = self.channel();
        let now = self.mx().now();
        let mut forge = Forge::new(kind, channel.from, channel.to, self.agreement, now, &seed);
        forge.sequence = self.before.len() as u64;
        forge.before.clone_from(&self.before);
        forge
    }

    /// Signs and seals with the partner's own keys.
    pub(crate) fn seal(&self, forge: &Forge) -> Result<Forged> {
        forge.forge(&self.pair.us.serve_keys()?, &self.pair.mx.descriptor()?)
    }

    /// Puts a pouch on the disk, takes it in, and says what became of it.
    pub(crate) async fn put(&self, pouch: &[u8]) -> Result<PouchRow> {
        let digest = self.pair.mx.put(pouch, Some(self.pair.us.node.root())).await?;
        self.pair.mx.round().await?;
        self.row(digest).await
    }

    pub(crate) async fn row(&self, pouch: Digest) -> Result<PouchRow> {
        Ok(self.mx().store().pouch(pouch).await?.ok_or("no row for the pouch")?)
    }

    /// Forges, delivers and takes in; what is consumed is remembered.
    pub(crate) async fn send(&mut self, forge: &Forge) -> Result<PouchRow> {
        let forged = self.seal(forge)?;
        let row = self.put(&forged.pouch).await?;
        if row.state == PouchState::Consumed && forge.sequence == self.before.len() as u64 {
            self.before.push(forged.digest);
        }
        Ok(row)
    }

    pub(crate) async fn look(&self) -> Result<Look> {
        let store = self.mx().store();
        let channel = self.channel();
        Ok(Look {
            held: store.counts().await?,
            heard: store.inbound_head(channel).await?,
            said: store.outbound_head(channel.reverse()).await?,
            proposals: store
                .matters(MatterQuery { limit: 100, ..MatterQuery::default() })
                .await?
                .len(),
            inbox: store.inbox(1_000, true).await?.len(),
        })
    }

    /// How many objects the receiving node holds.
    pub(crate) async fn objects(&self) -> Result<u64> {
        let counts = self.mx().store().counts().await?;
        Ok(counts.iter().map(|it| it.objects).sum())
    }

    /// The pouch was refused with this code, the journal says so, and nothing else changed.
    pub(crate) async fn refused(&self, row: &PouchRow, code: &str, before: &Look) -> Result<()> {
        assert_eq!((row.state, row.code.as_deref()), (PouchState::Refused, Some(code)));
        let line = self.line("pouch-refused", row.digest).await?.ok_or("not in the journal")?;
        assert_eq!(line.entry.details["code"], code);
        assert_eq!(&self.look().await?, before);
        Ok(())
    }

    /// The statement used its place and did nothing else: it is receipted as refused with this code, and the channel goes
    /// on.
    pub(crate) async fn consumed(&mut self, row: &PouchRow, code: &str) -> Result<()> {
        assert_eq!((row.state, row.code.as_deref()), (PouchState::Consumed, Some(code)));
        let statement = row.statement.ok_or("no statement")?;
        let line = self.line("statement-consumed", statement).await?.ok_or("not in the journal")?;
        assert_eq!(line.entry.details["code"], code);
        let inbox = self.mx().store().inbox_row(statement).await?.ok_or("not in the inbox")?;
        assert_eq!(inbox.receipt.code.as_deref(), Some(code));
        assert_eq!((inbox.receipt.admitted, inbox.receipt.refused), (0, 0));
        assert!(inbox.receipted, "no receipt answers it");
        let (objects, next) = (self.objects().await?, self.before.len());
        let draft = self.draft(&[comity_testkit::indicator(1_000_000 + self.forged)])?;
        let good = self.release(&draft, 2)?;
        let row = self.send(&good).await?;
        assert_eq!((row.state, row.code), (PouchState::Consumed, None), "the channel goes on");
        assert_eq!((self.objects().await?, self.before.len()), (objects + 1, next + 1));
        Ok(())
    }

    pub(crate) async fn line(&self, event: &str, subject: Digest) -> Result<Option<JournalLine>> {
        Ok(journal(self.mx(), event)
            .await?
            .into_iter()
            .find(|line| line.entry.subject == subject.to_string()))
    }
}

/// The journal's lines of an event.
pub(crate) async fn journal(node: &Node, event: &str) -> Result<Vec<JournalLine>> {
    let (mut found, mut from) = (Vec::new(), 0);
    loop {
        let lines = node.store().journal_lines(from, 1_000).await?;
        let Some(last) = lines.last() else { return Ok(found) };
        from = last.number + 1;
        found.extend(lines.into_iter().filter(|line| line.entry.event == event));
    }
}
