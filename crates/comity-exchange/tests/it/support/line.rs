//! Parties in a line, each with an agreement with the next, so that what one gives can go on.

use comity_exchange::compose::{ComposeRequest, Composed, Selection, compose};
use comity_exchange::consent::{Answer, Ask, AskFor, ConsentRow, answer, ask, find_consent};
use comity_exchange::ports::{Clock as _, MatterQuery, OutboundRow};
use comity_exchange::{ExchangeError, approve, import, seal};
use comity_model::matter::ConsentDecision;
use comity_model::{Grounds, MatterKind, PartyRoot};
use comity_testkit::{AgreementText, CLAUSE, Party, Result, TestClock, indicator, pump, sign};
use jiff::Timestamp;

pub(crate) const CONTROL: &str = "precursor-control";
pub(crate) const HEALTH: &str = "public-health";

pub(crate) fn id_of(number: u64) -> String {
    indicator(number).split('"').nth(11).unwrap().to_owned()
}

/// Has two parties confirm each other and agree for two purposes; the first gives under [`CLAUSE`].
pub(crate) async fn agree(first: &Party, second: &Party, number: u64, until: &str) -> Result<()> {
    first.confirm(second).await?;
    second.confirm(first).await?;
    let handle = |party: &Party| party.node.record().handle.to_string();
    let terms = AgreementText {
        id: format!("5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2c{number:02}"),
        parties: [handle(first), handle(second)],
        until: until.to_owned(),
        ..AgreementText::default()
    };
    let text = terms.toml(first.node.root(), second.node.root());
    let text =
        text.replace(r#"["precursor-control"]"#, r#"["precursor-control", "public-health"]"#);
    sign(first, second, &text).await
}

/// Four parties, each with an agreement with the next: what `us` gives to `mx` can go on to `xx`, and from there to `yy`.
pub(crate) struct Line {
    pub(crate) us: Party,
    pub(crate) mx: Party,
    pub(crate) xx: Party,
    pub(crate) yy: Party,
    pub(crate) clock: TestClock,
}

impl Line {
    pub(crate) async fn new() -> Result<Self> {
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let us = Party::new("us", &clock, false).await?;
        let mx = Party::new("mx", &clock, false).await?;
        let xx = Party::new("xx", &clock, false).await?;
        let yy = Party::new("yy", &clock, false).await?;
        agree(&us, &mx, 1, "2026-06-30").await?;
        agree(&mx, &xx, 2, "2027-01-31").await?;
        agree(&xx, &yy, 3, "2027-01-31").await?;
        for (one, other) in [(&mx, &yy), (&us, &xx), (&us, &yy)] {
            one.confirm(other).await?;
        }
        Ok(Self { us, mx, xx, yy, clock })
    }

    /// `us` gives `mx` these indicators, graded B2.
    pub(crate) async fn given(numbers: std::ops::Range<u64>) -> Result<Self> {
        let line = Self::new().await?;
        let options = import::ImportOptions {
            source: "test".to_owned(),
            grade: Some("B2".parse()?),
            lang: import::Lang::En,
            by: "an analyst".to_owned(),
        };
        let file = std::io::Cursor::new(comity_testkit::indicators(numbers.clone()).into_bytes());
        import::import(&line.us.node, file, options, |_| {}).await?;
        let ids = numbers.map(id_of).collect();
        release(&line.us, &line.mx, CONTROL, Selection::Ids(ids)).await?;
        pump(&line.us, &line.mx).await?;
        Ok(line)
    }

    /// Moves every clock to `until`.
    pub(crate) fn wait(&self, until: Timestamp) {
        self.clock.advance(until.duration_since(self.clock.now()));
    }

    /// `mx` asks `us` whether the first indicator may go to `xx`, and gets this answer.
    pub(crate) async fn consented(until: Option<Timestamp>) -> Result<(Self, ConsentRow)> {
        let line = Self::given(0..3).await?;
        let asked = request(&line.mx, &line.us, &[0], &line.xx, CONTROL).await?;
        say(&line.us, &asked, ConsentDecision::Granted, until).await?;
        pump(&line.us, &line.mx).await?;
        let consent = find_consent(&line.mx.node, &asked.folio.to_string()).await?;
        assert!(consent.holds(line.clock.now()));
        Ok((line, consent))
    }
}

pub(crate) fn composing(to: &Party, purpose: &str, selection: Selection) -> ComposeRequest {
    ComposeRequest {
        to: to.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: Some(purpose.to_owned()),
        selection,
        grounds: Grounds::default(),
        by: "an analyst".to_owned(),
    }
}

pub(crate) async fn approved(
    from: &Party,
    to: &Party,
    purpose: &str,
    what: Selection,
) -> Result<Composed> {
    let composed = compose(&from.node, composing(to, purpose, what)).await?;
    approve::approve(&from.node, &composed.release, &from.officers[0]).await?;
    Ok(composed)
}

pub(crate) async fn sealed(
    from: &Party,
    composed: &Composed,
) -> Result<OutboundRow, ExchangeError> {
    let folio = composed.release.record.folio.to_string();
    let row = approve::find_release(&from.node, &folio).await?;
    seal::seal(&from.node, &row).await
}

pub(crate) async fn release(
    from: &Party,
    to: &Party,
    purpose: &str,
    what: Selection,
) -> Result<()> {
    let composed = approved(from, to, purpose, what).await?;
    sealed(from, &composed).await?;
    pump(from, to).await
}

pub(crate) fn asking(numbers: &[u64], third: PartyRoot, purpose: &str) -> Ask {
    Ask {
        objects: numbers.iter().copied().map(id_of).collect(),
        agreement: None,
        sought: AskFor::Onward { third_party: third, purpose: purpose.to_owned() },
        text: None,
        by: "an analyst".to_owned(),
    }
}

/// Asks, and gives the request as the party that was asked sees it.
pub(crate) async fn request(
    from: &Party,
    to: &Party,
    numbers: &[u64],
    third: &Party,
    purpose: &str,
) -> Result<ConsentRow> {
    ask(&from.node, asking(numbers, third.node.root(), purpose)).await?;
    pump(from, to).await?;
    let query = MatterQuery { kind: Some(MatterKind::Consent), limit: 1, ..MatterQuery::default() };
    let rows = to.node.store().matters(query).await?;
    Ok(rows.first().and_then(ConsentRow::of).ok_or("no request arrived")?)
}

pub(crate) async fn say(
    party: &Party,
    consent: &ConsentRow,
    decision: ConsentDecision,
    until: Option<Timestamp>,
) -> Result<OutboundRow, ExchangeError> {
    let given = Answer {
        decision,
        until,
        legal_basis: Vec::new(),
        reasons: Vec::new(),
        text: None,
        by: "officer-1".to_owned(),
    };
    answer(&party.node, consent, given).await
}
