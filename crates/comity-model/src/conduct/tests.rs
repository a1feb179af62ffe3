use super::*;

#[test]
fn what_rests_keeps_its_record_takes_information_back_and_speaks_of_itself() {
    let said = |phase| {
        let all = Kind::ALL.iter().filter(move |kind| may(**kind, phase).is_ok());
        all.map(|kind| kind.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(said(Phase::Draft), ["agreement", "descriptor"]);
    for phase in [Phase::NotBegun, Phase::Suspended, Phase::Ended] {
        assert_eq!(
            said(phase),
            [
                "receipt",
                "recall",
                "recall-answer",
                "purge",
                "agreement",
                "descriptor",
                "suspension",
                "termination",
                "checkpoint",
            ],
            "{phase}"
        );
    }
    assert_eq!(said(Phase::InForce).len(), Kind::ALL.len());
    assert_eq!(may(Kind::Release, Phase::Suspended), Err(Refusal::AgreementSuspended));
    assert_eq!(may(Kind::Release, Phase::Ended), Err(Refusal::AgreementEnded));
    assert_eq!(may(Kind::Release, Phase::NotBegun), Err(Refusal::AgreementNotBegun));
    assert_eq!(may(Kind::Release, Phase::Draft), Err(Refusal::AgreementUnknown));
}

#[test]
fn what_asks_for_a_receipt_gets_one_and_nothing_else_is_answered_unasked() {
    for kind in Kind::ALL {
        let row = row(*kind);
        assert_eq!(row.kind, *kind);
        let acknowledged = row.unasked.contains(&Unasked::Acknowledge);
        assert_eq!(acknowledged, kind.is_receipted(), "{kind}");
        assert_eq!(row.unasked.contains(&Unasked::Freeze), *kind == Kind::Recall, "{kind}");
    }
}
