//! The receipt that answers a statement, and its own place.

use comity_model::statement::{Kind, ReceiptBody};

use super::super::file::Answer;
use super::super::flaw::{Field, Flaw};
use super::super::keys::Holder;
use super::revocation::Taken;
use super::{Answered, Place, Statement, place, statement};

/// Checks that the receipt is one of the party that was spoken to, under the same agreement, that an entry of it names the
/// statement by place and digest, and that it stands in the record of its own channel.
pub(super) fn check(
    receipt: &Answer,
    answered: &Statement,
    at: &Place,
    (from, to): (&Holder, &Holder),
) -> Result<(Answered, Taken), Flaw> {
    let bad = |code, message: &str| Flaw::new(Field::Receipt, code, message);
    let statement = statement::read(&receipt.statement, Field::Receipt)?;
    let payload = &statement.payload;
    let (kind, took_back) = statement.must_be_signed(to, Field::Receipt)?;
    if kind != Kind::Receipt {
        return Err(bad("not-a-receipt", &format!("it is of the kind `{kind}`")));
    }
    if payload.to != from.root || payload.agreement.id != answered.payload.agreement.id {
        return Err(bad("another-channel", "it answers another party, or under another agreement"));
    }
    let body: ReceiptBody =
        payload.body().map_err(|error| Flaw::new(Field::Receipt, error.code(), error))?;
    let entry = body
        .entries
        .into_iter()
        .find(|it| it.sequence == at.sequence && it.digest == answered.digest)
        .ok_or_else(|| bad("receipt-of-another", "no entry of it answers this statement"))?;
    let (place, mut taken) =
        place::check(&statement, &receipt.proof, (to, from), Field::ReceiptProof)?;
    taken.statement = took_back;
    let answered = Answered {
        statement: statement.digest,
        received_at: entry.received_at,
        issued_at: payload.issued_at,
        outcome: entry.outcome,
        code: entry.code,
        admitted: entry.admitted,
        refused: entry.refused,
        place,
    };
    Ok((answered, taken))
}
