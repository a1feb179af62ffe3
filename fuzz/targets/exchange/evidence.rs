//! Files of evidence and of equivocation.

use std::sync::LazyLock;

use comity_exchange::evidence::equivocation::{self, Conviction, Equivocation};
use comity_exchange::evidence::{self as proofs, Evidence, Missing, Proof, check, check_document};
use comity_model::PartyRoot;

use super::packed;

/// The real files of evidence, and what they prove.
static PROVED: LazyLock<Vec<(Evidence, Proof)>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("../../corpus/evidence/good-release"),
        include_bytes!("../../corpus/evidence/good-receipt"),
    ];
    let read = |file: &&[u8]| Some((Evidence::parse(file).ok()?, check(file, &[], None).ok()?));
    files.iter().filter_map(read).collect()
});
/// The real files of equivocation, and what they prove.
static CONVICTED: LazyLock<Vec<(Equivocation, Conviction)>> = LazyLock::new(|| {
    let files: [&[u8]; 2] = [
        include_bytes!("../../corpus/equivocation/good-statements"),
        include_bytes!("../../corpus/equivocation/good-checkpoints"),
    ];
    let read = |file: &&[u8]| {
        Some((Equivocation::parse(file).ok()?, equivocation::check(file, &[]).ok()?))
    };
    files.iter().filter_map(read).collect()
});

/// A file of evidence, or the document inside of one: it is written in one form, and what it proves is what the real file
/// proves, or less of that where something was left out. What proves as much is the real document.
pub(crate) fn evidence(data: &[u8]) -> bool {
    let file = data.starts_with(proofs::FORMAT.as_bytes());
    let parsed = if file { Evidence::parse(data) } else { Evidence::from_document(data) };
    let Ok(evidence) = parsed else { return false };
    let document = evidence.to_document();
    assert!(file || document == data, "two documents of the same");
    assert_eq!(Evidence::parse(&packed(proofs::FORMAT, &document)).as_ref(), Ok(&evidence));
    let _ = evidence.part_names();
    let roots = PROVED.iter().flat_map(|(_, it)| [it.from.root, it.to.root]);
    let roots: Vec<PartyRoot> = roots.collect();
    let Ok(found) = check_document(&evidence, &roots, None) else { return false };
    let real = PROVED.iter().find(|(_, it)| it.statement == found.statement);
    let (original, real) = real.expect("a statement that nobody signed is proved");
    assert!(found.missing != real.missing || evidence == *original, "two files prove the same");
    hold(found, real.clone());
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
    let roots: Vec<PartyRoot> = CONVICTED.iter().map(|(_, it)| it.party.root).collect();
    let Ok(found) = equivocation::check(file, &roots) else { return false };
    let known = CONVICTED.iter().find(|(_, it)| {
        it.party.root == found.party.root
            && it.channel == found.channel
            && it.collision == found.collision
    });
    assert!(found.party.pinned && known.is_some_and(|(it, _)| *it == parsed), "{found:?}");
    true
}
