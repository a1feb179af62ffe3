//! Two real nodes, the commands that their people give, and a partner who says what no honest node says.

mod archive;
pub(crate) mod http;
mod node;
mod pair;
mod ports;
mod raw;
mod rival;
mod view;

use std::time::Duration;

use comity_exchange::ports::Clock;
use jiff::Timestamp;
use tokio::time::Instant;

pub(crate) use archive::{Entry, archive, seal};
pub(crate) use node::{Node, Serving};
pub(crate) use pair::{Terms, TwoNodes, composing, meet};
pub(crate) use ports::free_port;
pub(crate) use raw::{Key, Raw, any_server};
pub(crate) use rival::{Object, Rival};
pub(crate) use view::View;

/// The longest that anything is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);
/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(40);

/// The time of the system, which the nodes of a test have too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the nodes under test live in the system's time")]
    fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}

/// Asks again and again until there is an answer.
pub(crate) async fn until<T>(what: &str, ask: impl AsyncFn() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(LOOK).await;
    }
}
