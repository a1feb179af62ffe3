//! Files of evidence and of equivocation.

use std::sync::LazyLock;

use comity_exchange::evidence::equivocation::{self, Collision, Conviction, Equivocation};
use comity_exchange::evidence::{self as proofs, Evidence, Missing, Proof, check, check_document};
use comity_model::PartyRoot;

use super::packed;

/// What the real files of evidence prove.
static PROVED: LazyLock<Vec<Proof>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("../../corpus/evidence/good-release"),
        include_bytes!("../../corpus/evidence/good-receipt"),
    ];
    files.iter().filter_map(|file| check(file, &[], None).ok()).collect()
});
/// What the real files of equivocation prove.
static CONVICTED: LazyLock<Vec<Conviction>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("../../corpus/equivocation/good-statements"),
        include_bytes!("../../corpus/equivocation/good-checkpoints"),
    ];
    files.iter().filter_map(|file| equivocation::check(file, &[]).ok()).collect()
});

/// A file of evidence, or the document inside of one: it is written in one form, and what it proves is what the real file
/// proves, or less of that where something was left out.
pub(crate) fn evidence(data: &[u8]) -> bool {
    let file = data.starts_with(proofs::FORMAT.as_bytes());
    let parsed = if file { Evidence::parse(data) } else { Evidence::from_document(data) };
    let Ok(evidence) = parsed else { return false };
    let document = evidence.to_document();
    assert!(file || document == data, "two documents of the same");
    assert_eq!(Evidence::parse(&packed(proofs::FORMAT, &document)).as_ref(), Ok(&evidence));
    let _ = evidence.part_names();
    let roots: Vec<PartyRoot> = PROVED.iter().flat_map(|it| [it.from.root, it.to.root]).collect();
    let Ok(found) = check_document(&evidence, &roots, None) else { return false };
    let real = PROVED.iter().find(|it| it.statement == found.statement);
    hold(found, real.expect("a statement that nobody signed is proved").clone());
    true
}

/// Holds that `found` says what `real` says, but for what `found` lacks.
fn hold(mut found: Proof, mut real: Proof) {
    assert!(found.is_pinned());
    if found.missing.contains(&Missing::Cosignature) {
        assert_eq!(found.place.cosigned_at, None);
        found.place = real.place.clone();
    }
    if found.missing.contains(&Missing::Receipt) {
        assert_eq!(found.receipt, None);
        real.receipt = None;
    }
    if found.missing.contains(&Missing::ReceiptCosignature) {
        let places = [&mut found, &mut real].map(|it| it.receipt.take());
        let [found, real] = places.map(|it| it.expect("the receipt alone is not cosigned"));
        assert_eq!((found.statement, found.outcome), (real.statement, real.outcome));
        assert_eq!((found.admitted, found.refused), (real.admitted, real.refused));
    }
    if found.agreed.is_none() {
        real.agreed = None;
    }
    found.missing.clear();
    real.missing.clear();
    for proof in [&mut found, &mut real] {
        // whether the roots are pinned is what the reader knows
        (proof.from.pinned, proof.to.pinned) = (true, true);
    }
    assert_eq!(found, real);
}

/// A file of equivocation, or the document inside of one: nobody is convicted but who signed both, and by nothing but what he
/// signed.
pub(crate) fn equivocation(data: &[u8]) -> bool {
    let made;
    let file = if data.starts_with(equivocation::FORMAT.as_bytes()) {
        data
    } else {
        made = packed(equivocation::FORMAT, data);
        &made
    };
    let Ok(parsed) = Equivocation::parse(file) else { return false };
    assert_eq!(Equivocation::parse(&parsed.to_bytes()).as_ref(), Ok(&parsed));
    let roots: Vec<PartyRoot> = CONVICTED.iter().map(|it| it.party.root).collect();
    let Ok(found) = equivocation::check(file, &roots) else { return false };
    let known = CONVICTED.iter().find(|it| {
        it.party.root == found.party.root
            && it.channel == found.channel
            && both(&it.collision) == both(&found.collision)
    });
    assert!(known.is_some() && found.party.pinned, "{found:?}");
    true
}

/// What collides, in whatever order.
fn both(collision: &Collision) -> (Option<u64>, Vec<String>) {
    let (place, two) = match collision {
        Collision::Statements { sequence, digests, .. } => (*sequence, digests),
        Collision::Checkpoints { size, roots } => (Some(*size), roots),
    };
    let mut two = two.map(|it| it.to_string());
    two.sort();
    assert_ne!(two.first(), two.last(), "a thing does not collide with itself");
    (place, two.into())
}
