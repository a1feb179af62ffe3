//! That a statement stands in the log of its channel, and that the other party saw that tree.

use comity_log::proof::{TlogProof, TrustedLog};
use comity_log::statement_leaf;
use comity_model::descriptor::KeyUse;
use jiff::Timestamp;

use super::super::flaw::{Field, Flaw};
use super::super::keys::lines::{self, Signer};
use super::super::keys::{Half, Holder, TakenBack};
use super::revocation::Taken;
use super::{Place, Statement, root_of};

/// Checks a proof: the leaf of the statement at the index that is its sequence, under a checkpoint that both keys of the
/// log of `from` signed. Where `to` cosigned, both of its keys must have. A cosignature of `to` that does not hold is a
/// flaw; one that is not there is for the caller to judge. No other lines stand under it, and these in their order. Gives what was taken back of the keys, too.
pub(super) fn check(
    statement: &Statement,
    proof: &str,
    (from, to): (&Holder, &Holder),
    field: Field,
) -> Result<(Place, Taken), Flaw> {
    let proof = TlogProof::parse(proof.as_bytes())
        .map_err(|error| Flaw::new(field, error.code(), error))?;
    if proof.extra().is_some() {
        return Err(Flaw::new(
            field,
            "evidence-not-canonical",
            "it carries data that nobody signs",
        ));
    }
    let channel = statement.payload.channel();
    let sequence = statement.payload.sequence.ok_or_else(|| {
        Flaw::new(field, "no-place", "a statement of this kind has no place in the record")
    })?;
    let origin = channel.origin();
    let (keys, witnesses) = (from.log_keys(&origin), to.witness_keys());
    let trusted = TrustedLog { origin: &origin, keys: &keys, witnesses: &witnesses };
    let proven = proof
        .verify(&statement_leaf(statement.digest.as_bytes()), &trusted)
        .map_err(|error| Flaw::new(field, error.code(), error))?;
    if proven.index != sequence {
        let message = format!("it is of place {}, and the statement says {sequence}", proven.index);
        return Err(Flaw::new(field, "another-place", message));
    }
    let signed_at =
        from.both_halves(KeyUse::Log, &origin, &proven.log).map_err(|half| match half {
            Half::Missing => Flaw::new(
                field,
                "tlog-proof-log-unsigned",
                "not both keys of the sender's log signed its checkpoint",
            ),
            Half::Expired => Flaw::new(
                field,
                "key-expired",
                "a key of the sender's log signed its checkpoint when it was not valid",
            ),
        })?;
    let name = to.witness_name();
    let claimed = proof.note().signatures().iter().any(|line| line.name() == name);
    let cosigned = to.both_halves(KeyUse::Witness, &name, &proven.witnesses);
    let cosigned_at = match cosigned {
        Ok(at) => i64::try_from(at).ok().and_then(|at| Timestamp::from_second(at).ok()),
        Err(Half::Missing) if !claimed => None,
        Err(Half::Missing) => {
            let message = "not both witness keys of the other party cosigned its checkpoint";
            return Err(Flaw::new(field, "cosignature-half", message));
        }
        Err(Half::Expired) => {
            let message =
                "a witness key of the other party cosigned its checkpoint when it was not valid";
            return Err(Flaw::new(field, "key-expired", message));
        }
    };
    let mut signers = vec![Signer::log(from, &origin)];
    signers.extend(cosigned.is_ok().then(|| Signer::witness(to)));
    if !lines::are_only(proof.note(), &signers) {
        let message = "under its checkpoint stand other lines than those of the log and of the other party's witness, or in another order";
        return Err(Flaw::new(field, "evidence-not-canonical", message));
    }
    let witness = |at| to.took_back_either(KeyUse::Witness, &name, &proven.witnesses, at);
    let taken = Taken {
        statement: TakenBack::default(),
        log: from.took_back_either(KeyUse::Log, &origin, &proven.log, signed_at),
        witness: cosigned.map_or_else(|_| TakenBack::default(), witness),
    };
    let root = root_of(&proven.checkpoint);
    Ok((Place { channel, sequence, size: proven.checkpoint.size(), root, cosigned_at }, taken))
}
