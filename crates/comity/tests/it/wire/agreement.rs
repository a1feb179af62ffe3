//! Agreements that have ended or have not begun.

use comity_testkit::Forge;
use jiff::{SignedDuration, ToSpan as _};

use super::Case;
use crate::support::{Terms, TwoNodes, composing};

const DAY: i64 = 24 * 3600;

fn later(forge: Forge, days: i64) -> Forge {
    Forge { issued_at: forge.issued_at + SignedDuration::from_secs(days * DAY), ..forge }
}

#[tokio::test]
async fn under_an_agreement_that_has_ended_nothing_is_composed_or_sealed() {
    let nodes = TwoNodes::with(Terms { until: 5.days(), ..Terms::default() }).await;
    let objects = nodes.stock(2).await;
    let folio = nodes.compose(&objects[..1]).await;
    nodes.us.ok(&format!("release approve {folio} --as officer-1")).await;
    nodes.us.move_clock(10 * DAY);
    for refused in [composing(&objects[1..]), format!("release send {folio}")] {
        let (code, message) = nodes.us.refused(&refused).await;
        assert_eq!(code, "agreement-ended", "{refused}: {message}");
        assert!(message.contains("ended"), "the reason is said: {message}");
    }
    nodes.us.move_clock(0);
    nodes.us.ok(&format!("release send {folio}")).await;
}

#[tokio::test]
async fn under_an_agreement_that_has_not_begun_nothing_is_composed() {
    let nodes = TwoNodes::with(Terms { from: 5.days(), ..Terms::default() }).await;
    let objects = nodes.stock(1).await;
    let (code, message) = nodes.us.refused(&composing(&objects)).await;
    assert_eq!(code, "agreement-not-begun", "{message}");
    nodes.us.move_clock(6 * DAY);
    nodes.compose(&objects).await;
}

#[tokio::test]
async fn what_a_partner_says_after_the_end_is_refused() {
    let mut case = Case::with(Terms { until: 5.days(), ..Terms::default() }).await;
    let on_time = case.us.forge(&case.us.proposal("on time"));
    case.takes(&on_time).await;
    case.nodes.mx.move_clock(10 * DAY);
    let forged = case.us.forge(&later(case.us.proposal("after the end"), 10));
    case.consumes(&forged, "agreement-ended").await;
}

#[tokio::test]
async fn what_arrives_long_after_the_end_is_refused_whenever_it_was_issued() {
    let mut case = Case::with(Terms { until: 5.days(), ..Terms::default() }).await;
    case.nodes.mx.move_clock(34 * DAY);
    let forged = case.us.forge(&case.us.proposal("within thirty days of the end"));
    case.takes(&forged).await;
    case.nodes.mx.move_clock(36 * DAY);
    let forged = case.us.forge(&case.us.proposal("after them"));
    case.consumes(&forged, "agreement-ended").await;
}

#[tokio::test]
async fn what_a_partner_says_before_the_beginning_is_refused() {
    let mut case = Case::with(Terms { from: 5.days(), ..Terms::default() }).await;
    let forged = case.us.forge(&case.us.proposal("too early"));
    case.consumes(&forged, "agreement-not-begun").await;
    case.nodes.mx.move_clock(6 * DAY);
    let forged = case.us.forge(&later(case.us.proposal("begun"), 6));
    case.takes(&forged).await;
}

#[tokio::test]
async fn a_statement_from_the_future_waits_for_its_time_and_loses_nothing() {
    let mut case = Case::new().await;
    let forge = later(case.us.proposal("tomorrow"), 1);
    let pouch = case.us.forge(&forge).pouch;
    case.refuses(&pouch, "issued-in-future").await;
    case.nodes.mx.move_clock(DAY);
    let forged = case.us.forge(&forge);
    case.takes(&forged).await;
}

#[tokio::test]
async fn a_statement_issued_before_the_one_before_it_is_refused() {
    let mut case = Case::new().await;
    case.goes_on().await;
    let forged = case.us.forge(&Forge {
        issued_at: case.us.descriptor.keys[0].not_before,
        ..case.us.proposal("backwards")
    });
    case.consumes(&forged, "issued-backwards").await;
    case.goes_on().await;
}
