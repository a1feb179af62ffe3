use serde_json::json;

use super::*;

type Change = fn(&mut Channel);

fn status(handle: &str, partner: &str, holdings: u64) -> Status {
    let channel = |direction: &str, releases: u64| {
        json!({
            "agreement": "agreement--1", "epoch": 1, "partner": partner, "direction": direction,
            "statements": releases + 1, "root": "sha256:aa", "cosigned": releases + 1,
            "kinds": [
                { "kind": "release", "outcome": "admitted", "count": releases, "admitted": 7, "refused": 0 },
                { "kind": "receipt", "outcome": null, "count": 1, "admitted": 0, "refused": 0 },
            ],
        })
    };
    let (out, into) = if handle == "us" { (2, 1) } else { (1, 2) };
    serde_json::from_value(json!({
        "handle": handle, "root": "sha256:00", "exercise": true,
        "holdings": [
            { "type": "consignment", "partner": null, "objects": 60, "versions": 60 },
            { "type": "consignment", "partner": partner, "objects": holdings, "versions": holdings },
        ],
        "channels": [channel("out", out), channel("in", into)],
        "outbox": [{ "partner": partner, "cursor": 3, "last": 3, "unsettled": 0 }],
    }))
    .unwrap()
}

fn delivery(folio: &str, admitted: u64) -> Delivery {
    Delivery {
        folio: folio.to_owned(),
        statement: format!("sha256:{folio}"),
        sequence: 0,
        outcome: "admitted".to_owned(),
        admitted,
        refused: 0,
    }
}

fn sides() -> (Side, Side) {
    let us = Side {
        status: status("us", "mx", 3),
        given: vec![delivery("US-2026-000001", 4), delivery("US-2026-000002", 3)],
        received: vec![delivery("MX-2026-000001", 3)],
        distinct: 7,
    };
    let mx = Side {
        status: status("mx", "us", 7),
        given: vec![delivery("MX-2026-000001", 3)],
        received: vec![delivery("US-2026-000002", 3), delivery("US-2026-000001", 4)],
        distinct: 3,
    };
    (us, mx)
}

/// What differs after `change`.
fn differs(change: impl FnOnce(&mut Side, &mut Side)) -> Vec<String> {
    let (mut us, mut mx) = sides();
    change(&mut us, &mut mx);
    Tally::new(us, mx).differences.into_iter().map(|it| it.what).collect()
}

#[test]
fn two_sides_with_the_same_counts_agree() {
    let (us, mx) = sides();
    let tally = Tally::new(us, mx);
    assert!(tally.agrees(), "{:?}", tally.differences);
    assert_eq!((tally.mx.held_own(), tally.mx.held_from_partner()), (60, 7));
}

#[test]
fn every_count_of_a_channel_is_compared_with_its_mirror() {
    let outgoing = |side: &mut Side, change: Change| {
        let channels = side.status.channels.iter_mut();
        channels.filter(|it| it.direction == Direction::Out).for_each(change);
    };
    let cases: [(Change, &str); 5] = [
        (|it| it.statements += 1, "statements"),
        (|it| it.root = Some("sha256:bb".to_owned()), "root"),
        (|it| it.root = None, "root"),
        (|it| it.cosigned -= 1, "cosigned"),
        (|it| it.kinds[0].refused += 1, "receipts"),
    ];
    for (change, what) in cases {
        assert_eq!(differs(|us, _| outgoing(us, change)), [format!("{what} from us to mx")]);
        assert_eq!(differs(|_, mx| outgoing(mx, change)), [format!("{what} from mx to us")]);
    }
}

#[test]
fn a_channel_that_only_one_side_knows_is_a_difference() {
    assert_eq!(differs(|_, mx| drop(mx.status.channels.pop())), ["channels from us to mx"]);
    assert_eq!(
        differs(|us, _| us.status.channels[0].epoch = 2),
        ["channels from us to mx"],
        "another epoch is another channel"
    );
}

#[test]
fn a_release_that_arrived_twice_or_never_is_a_difference() {
    assert_eq!(
        differs(|_, mx| mx.received.push(delivery("US-2026-000001", 4))),
        ["releases of us"]
    );
    assert_eq!(differs(|us, _| us.received.clear()), ["releases of mx"]);
    assert_eq!(differs(|us, _| us.given[0].admitted = 5), ["releases of us"]);
}

#[test]
fn objects_that_are_held_without_having_been_given_are_a_difference() {
    assert_eq!(differs(|_, mx| mx.status.holdings[1].objects += 1), ["objects of us held by mx"]);
    assert_eq!(differs(|_, mx| mx.distinct -= 1), ["objects of mx held by us"]);
}

#[test]
fn what_is_not_settled_is_told_even_if_both_sides_wait_for_as_much() {
    let unsettle = |us: &mut Side, mx: &mut Side| {
        us.status.outbox[0].unsettled = 1;
        mx.status.outbox[0].unsettled = 1;
    };
    assert_eq!(differs(unsettle), ["statements not settled"]);
}

#[test]
fn what_nobody_cosigned_is_told_even_if_both_sides_agree_on_it() {
    let uncosign = |us: &mut Side, mx: &mut Side| {
        us.status.channels[0].cosigned -= 1;
        mx.status.channels[1].cosigned -= 1;
    };
    assert_eq!(differs(uncosign), ["statements not cosigned from us to mx"]);
}
