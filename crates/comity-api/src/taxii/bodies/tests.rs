use proptest::prelude::*;
use tokio::task::{JoinSet, yield_now};

use super::*;

const SOON: Duration = Duration::from_millis(20);
/// Longer than anything here takes.
const LONG: Duration = Duration::from_mins(5);
const MIB: usize = 1 << 20;

#[tokio::test]
async fn all_bodies_together_have_so_much_room_and_one_account_half_of_it() {
    let bodies = Bodies::new(8 * MIB, MIB);
    let mut rooms = Vec::new();
    for _ in 0..4 {
        rooms.push(bodies.enter("one", Some(MIB), SOON).await.unwrap());
    }
    assert!(bodies.enter("one", Some(MIB), SOON).await.is_err(), "beyond its half");
    for _ in 0..3 {
        rooms.push(bodies.enter("other", Some(MIB), SOON).await.unwrap());
    }
    assert!(bodies.enter("third", Some(MIB), SOON).await.is_err(), "beyond all of it");
    rooms.pop();
    bodies.enter("third", Some(MIB), SOON).await.unwrap();
}

#[tokio::test]
async fn large_bodies_leave_room_for_small_ones_and_small_ones_for_large_ones() {
    let bodies = Bodies::new(8 * MIB, MIB);
    let mut rooms = Vec::new();
    for account in ["one", "other"] {
        while let Ok(room) = bodies.enter(account, Some(MIB), SOON).await {
            rooms.push(room);
        }
        rooms.push(bodies.enter(account, Some(SMALL), SOON).await.unwrap());
        rooms.push(bodies.enter(account, None, SOON).await.unwrap());
    }
    assert!(bodies.enter("third", Some(1), SOON).await.is_err(), "the small hall is full");
    rooms.retain(|it| it.bytes() == SMALL);
    assert_eq!(rooms.len(), 4);
    bodies.enter("third", Some(MIB), SOON).await.unwrap();
}

#[tokio::test]
async fn one_body_as_long_as_may_be_has_room_always_beside_one_of_another_account() {
    for body in [1, PIECE, SMALL, 5 * SMALL] {
        let bodies = Bodies::new(0, body);
        let _one = bodies.enter("one", Some(body), SOON).await.unwrap();
        let _other = bodies.enter("other", Some(body), SOON).await.unwrap();
        assert!(bodies.enter("one", Some(body), SOON).await.is_err());
    }
}

#[tokio::test]
async fn who_waits_is_seen_and_gets_what_is_given_back() {
    let bodies = Arc::new(Bodies::new(0, MIB));
    let room = bodies.enter("one", Some(MIB), SOON).await.unwrap();
    assert!(!room.is_wanted());
    let waiting = tokio::spawn({
        let bodies = Arc::clone(&bodies);
        async move { bodies.enter("one", Some(MIB), LONG).await.map(|it| it.is_wanted()) }
    });
    while !room.is_wanted() {
        yield_now().await;
    }
    drop(room);
    assert!(!waiting.await.unwrap().unwrap(), "nobody waits any more");
}

/// A body: whose, how long, whether it says so, and for how many turns of the others it is read and worked on.
#[derive(Debug, Clone)]
struct Sent {
    account: u8,
    bytes: usize,
    is_told: bool,
    turns: (u8, u8),
}

fn sent() -> impl Strategy<Value = Sent> {
    let length = prop_oneof![0..SMALL, SMALL..=4 * SMALL];
    let turns = (0_u8..20, 0_u8..20);
    (0_u8..4, length, any::<bool>(), turns).prop_map(|(account, bytes, is_told, turns)| Sent {
        account,
        bytes,
        is_told,
        turns,
    })
}

async fn takes_its_turn(bodies: &Bodies, sent: Sent) -> Result<(), Fault> {
    let account = sent.account.to_string();
    let told = sent.is_told.then_some(sent.bytes);
    let mut room = bodies.enter(&account, told, LONG).await?;
    for _ in 0..sent.turns.0 {
        yield_now().await;
    }
    if sent.bytes > room.bytes() {
        assert!(!sent.is_told, "who said how long it is has all its room");
        room = bodies.grow(room, &account, LONG).await?;
    }
    assert!(sent.bytes <= room.bytes());
    for _ in 0..sent.turns.1 {
        yield_now().await;
    }
    Ok(())
}

proptest! {
    // who waits in a circle does so for long: it is not tried again and again with less
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn whatever_is_sent_at_one_time_each_body_has_its_turn_and_all_room_is_given_back(
        all in 0..16 * SMALL,
        sent in prop::collection::vec(sent(), 1..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let bodies = Arc::new(Bodies::new(all, 4 * SMALL));
            let free = || [&bodies.small, &bodies.large].map(|it| it.all.free.available_permits());
            let at_first = free();
            let mut sending = JoinSet::new();
            for sent in sent {
                let bodies = Arc::clone(&bodies);
                sending.spawn(async move { takes_its_turn(&bodies, sent).await });
            }
            // nobody is patient for so long in vain but where some wait for each other
            let ended = tokio::time::timeout(LONG / 10, sending.join_all()).await;
            let ended = ended.expect("nobody waits in a circle");
            prop_assert!(ended.iter().all(Result::is_ok));
            prop_assert_eq!(free(), at_first);
            for hall in [&bodies.small, &bodies.large] {
                prop_assert_eq!(hall.all.waiting.load(Ordering::Relaxed), 0);
                let mut shares = hall.shares.lock().unwrap();
                shares.retain(|_, it| Arc::strong_count(it) > 1);
                prop_assert!(shares.is_empty());
            }
            Ok(())
        })?;
    }
}
