//! A server behind the port, honest or not as a script says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use comity_exchange::ports::{
    ApiRoot, FeedCode, FeedFault, FeedServer, FeedSession, FeedSource, Next, PageAsk, PageEnd,
    TaxiiVersion,
};
use jiff::Timestamp;
use tokio::sync::mpsc;

/// What it does when it is asked for a page.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    /// Gives so many objects.
    Give(usize),
    /// Breaks off behind so many objects, in the middle of the next.
    Cut(usize),
    /// Fails, before anything of a page.
    Fail(FeedCode),
    /// Gives so many objects and then says nothing.
    Stall(usize),
}

/// How it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lie {
    /// It points to the same page again.
    SameNext,
    /// It gives the same objects for ever, each time under another token.
    SameObjects,
    /// It gives nothing for ever.
    Nothing,
    /// It says that its objects are of a time to come.
    ToCome,
    /// It says that there is more and not how to get it.
    NoPosition,
    /// What it gives is no envelope.
    NoEnvelope,
}

#[derive(Debug, Default)]
struct State {
    objects: Vec<(Timestamp, String)>,
    acts: VecDeque<Act>,
    lie: Option<Lie>,
    /// Whether it counts what it gave, and says the same to go on with each time; and how far it counted.
    counts: Option<usize>,
    asked: Vec<PageAsk>,
    opened: Vec<FeedServer>,
}

/// The server. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Server(Arc<Mutex<State>>);

impl Server {
    /// With these objects, in the order of the times at which they were added.
    pub(crate) fn with(objects: Vec<(Timestamp, String)>) -> Self {
        let server = Self::default();
        server.0.lock().unwrap().objects = objects;
        server
    }

    /// With these objects, one added each second before the clock of the tests begins.
    pub(crate) fn of(objects: impl IntoIterator<Item = String>) -> Self {
        let begin: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let seconds = (0..).map(|it| begin + jiff::SignedDuration::from_secs(it));
        Self::with(seconds.zip(objects).collect())
    }

    pub(crate) fn lying(self, lie: Lie) -> Self {
        self.0.lock().unwrap().lie = Some(lie);
        self
    }

    /// From now on it does not lie.
    pub(crate) fn honest(&self) {
        self.0.lock().unwrap().lie = None;
    }

    /// The same, but what it gives to go on with is the same each time: it counts what it gave.
    pub(crate) fn counting(self) -> Self {
        self.0.lock().unwrap().counts = Some(0);
        self
    }

    pub(crate) fn acting(&self, acts: impl IntoIterator<Item = Act>) {
        self.0.lock().unwrap().acts = acts.into_iter().collect();
    }

    /// Whether it did everything that its script says.
    pub(crate) fn is_done(&self) -> bool {
        self.0.lock().unwrap().acts.is_empty()
    }

    pub(crate) fn asked(&self) -> Vec<PageAsk> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    pub(crate) fn opened(&self) -> Vec<FeedServer> {
        std::mem::take(&mut self.0.lock().unwrap().opened)
    }

    fn answer(&self, ask: &PageAsk) -> (Vec<String>, PageEnd, Act) {
        let mut state = self.0.lock().unwrap();
        state.asked.push(ask.clone());
        let act = state.acts.pop_front().unwrap_or(Act::Give(ask.limit as usize));
        let is_later = |at: &Timestamp| ask.added_after.is_none_or(|after| *at > after);
        let later: Vec<_> = state.objects.iter().filter(|(at, _)| is_later(at)).collect();
        let counted = state.counts.unwrap_or_default();
        let place = |it: &str| if it == "cursor" { counted } else { it.parse().unwrap() };
        let from = ask.next.as_deref().map_or(0, place);
        let most = match act {
            Act::Give(most) | Act::Stall(most) => most,
            // the object in which it breaks off is one more
            Act::Cut(most) => most + 1,
            Act::Fail(_) => 0,
        };
        let page: Vec<_> = later.iter().skip(from).take(most.max(1)).collect();
        let last = page.last().map(|(at, _)| *at);
        let behind = from + page.len();
        let next = if behind < later.len() {
            let counts = state.counts.is_some();
            Next::Token(if counts { "cursor".to_owned() } else { behind.to_string() })
        } else {
            Next::End
        };
        let objects = page.into_iter().map(|(_, object)| object.clone()).collect();
        if let Some(counted) = &mut state.counts {
            *counted = behind;
        }
        let token = || Next::Token(format!("{}", from + 1));
        let (objects, end) = match state.lie {
            None => (objects, PageEnd { last, next }),
            Some(Lie::SameNext) => (objects, PageEnd { last, next: Next::Token("0".to_owned()) }),
            Some(Lie::SameObjects) => {
                (vec![state.objects[0].1.clone()], PageEnd { last, next: token() })
            }
            Some(Lie::Nothing) => (Vec::new(), PageEnd { last: None, next: token() }),
            Some(Lie::ToCome) => {
                let last = Some("9999-01-01T00:00:00Z".parse().unwrap());
                (objects, PageEnd { last, next: Next::End })
            }
            Some(Lie::NoPosition) => (objects, PageEnd { last: None, next: Next::After }),
            Some(Lie::NoEnvelope) => (vec!["<html>".to_owned()], PageEnd { last, next }),
        };
        (objects, end, act)
    }
}

impl FeedSource for Server {
    fn open(&self, server: FeedServer) -> Result<Box<dyn FeedSession>, FeedFault> {
        self.0.lock().unwrap().opened.push(server);
        Ok(Box::new(Session(self.clone())))
    }
}

struct Session(Server);

#[async_trait]
impl FeedSession for Session {
    async fn locate(&mut self) -> Result<ApiRoot, FeedFault> {
        let url = "https://feeds.example/api1/".to_owned();
        Ok(ApiRoot { url, version: TaxiiVersion::V21 })
    }

    async fn page(
        &mut self,
        _: &ApiRoot,
        ask: &PageAsk,
        sink: mpsc::Sender<Bytes>,
    ) -> Result<PageEnd, FeedFault> {
        let (objects, end, act) = self.0.answer(ask);
        if let Act::Fail(code) = act {
            return Err(FeedFault::new(code));
        }
        let whole = format!("{{\"objects\":[{}]}}", objects.join(","));
        let broken = matches!(act, Act::Cut(_) | Act::Stall(_));
        let shown = if broken { whole.len() - 40.min(whole.len()) } else { whole.len() };
        for piece in whole.as_bytes()[..shown].chunks(97) {
            let sent = sink.send(Bytes::copy_from_slice(piece)).await;
            sent.map_err(|_| FeedFault::new(FeedCode::Stopped))?;
        }
        match act {
            Act::Cut(_) => Err(FeedFault::new(FeedCode::Cut)),
            Act::Stall(_) => {
                tokio::time::sleep(Duration::from_mins(10)).await;
                Err(FeedFault::new(FeedCode::Late))
            }
            _ => Ok(end),
        }
    }
}
