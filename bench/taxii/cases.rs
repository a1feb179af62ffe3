//! What is read: pages of objects and names, by time and by type, again and again and once through.

use std::time::{Duration, Instant};

use comity_testkit::Result;
use serde_json::Value;

use crate::load::{Answer, Connection, Pace, load};
use crate::report::Report;
use crate::servers::Server;

/// How long a server that gives no answer is waited for.
const SILENCE: Duration = Duration::from_secs(30);
/// Connections at a time.
const CONNECTIONS: [usize; 2] = [1, 16];

/// Something to ask for: what it is called, and the path and query at each server, in their order.
pub(crate) struct Case {
    name: &'static str,
    targets: Vec<String>,
}

impl Case {
    /// The target at a server. A server of still bytes has those of the first.
    fn target(&self, server: usize) -> &str {
        self.targets.get(server).or_else(|| self.targets.first()).map_or("", String::as_str)
    }
}

/// Every case for these servers. The time in the middle of the collection is looked for first.
pub(crate) async fn all(servers: &[&Server]) -> Result<Vec<Case>> {
    let mut middles = Vec::new();
    for server in servers {
        middles.push(middle(server).await?);
    }
    let each = |name, rest: &dyn Fn(usize) -> String| {
        let targets = servers.iter().enumerate();
        let targets = targets.map(|(number, it)| format!("{}{}", it.full, rest(number))).collect();
        Case { name, targets }
    };
    let after = |number: usize| {
        let middle = middles.get(number).map_or("", String::as_str);
        format!("objects/?limit=1000&added_after={middle}")
    };
    Ok(vec![
        each("objects, limit 100", &|_| "objects/?limit=100".to_owned()),
        each("objects, limit 1000", &|_| "objects/?limit=1000".to_owned()),
        each("manifest, limit 1000", &|_| "manifest/?limit=1000".to_owned()),
        each("objects, limit 1000, added_after the middle", &after),
        each("objects, limit 1000, match[type]=malware", &|_| {
            "objects/?limit=1000&match[type]=malware".to_owned()
        }),
    ])
}

/// When the object in the middle of the collection was added, as the server says.
async fn middle(server: &Server) -> Result<String> {
    let mut times = Vec::new();
    through(server, |page| {
        times.extend(page.field("x-taxii-date-added-last").map(str::to_owned));
        Ok(())
    })
    .await?;
    let middle = times.get(times.len() / 2).ok_or("a server without objects")?;
    Ok(middle.replace('+', "%2B"))
}

/// Reads a collection page after page, at most 1,000 objects each.
async fn through(server: &Server, mut each: impl FnMut(&Answer) -> Result<()>) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let mut target = format!("{}objects/?limit=1000", server.full);
    loop {
        let page = connection.ask(&server.get(&target)).await?;
        if page.status != 200 {
            return Err(format!("{} gives no page but {}", server.name, page.head).into());
        }
        each(&page)?;
        let body: Value = serde_json::from_slice(&page.body)?;
        let Some(next) = body.get("next").and_then(Value::as_str) else { return Ok(()) };
        let next = next.replace('+', "%2B").replace('=', "%3D").replace('|', "%7C");
        target = format!("{}objects/?limit=1000&next={next}", server.full);
    }
}

/// Waits until a node that was just started is at rest.
pub(crate) async fn followed(servers: usize) {
    tokio::time::sleep(Duration::from_secs(servers as u64)).await;
}

/// A whole collection read once from its first page to its last, nothing of it having been asked for before.
pub(crate) async fn walk(servers: &[&Server], objects: usize, report: &mut Report) -> Result<()> {
    let mut rates = Vec::new();
    for server in servers {
        // a node decides who sees what before it answers for all: until then pages are fewer, and that is not to be timed
        settled(server, objects).await?;
        let begun = Instant::now();
        let mut found = 0;
        through(server, |page| {
            found += count(page)?;
            Ok(())
        })
        .await?;
        if found != objects {
            return Err(format!("{} gave {found} of {objects} objects", server.name).into());
        }
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        rates.push((server.name, found as f64 / begun.elapsed().as_secs_f64()));
    }
    report.most("the whole collection once, 1000 a page, 1 connection", "objects/s", &rates, None)
}

/// Waits until every object is in the collection, by the names alone.
async fn settled(server: &Server, objects: usize) -> Result<()> {
    if server.name != "comity" {
        return Ok(());
    }
    let begun = Instant::now();
    let mut connection = Connection::open(server.address).await?;
    while begun.elapsed() < Duration::from_mins(10) {
        let (mut found, mut next) = (0, String::new());
        loop {
            let target = format!("{}manifest/?limit=1000{next}", server.full);
            let page = connection.ask(&server.get(&target)).await?;
            found += count(&page)?;
            let body: Value = serde_json::from_slice(&page.body)?;
            let Some(token) = body.get("next").and_then(Value::as_str) else { break };
            next = format!("&next={token}");
        }
        if found == objects {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err("the collection never held every object".into())
}

fn count(page: &Answer) -> Result<usize> {
    let body: Value = serde_json::from_slice(&page.body)?;
    Ok(body.get("objects").and_then(Value::as_array).map_or(0, Vec::len))
}

/// The first answer to each case, for the server of still bytes.
pub(crate) async fn answers(server: &Server, cases: &[Case]) -> Result<Vec<(String, Vec<u8>)>> {
    let mut connection = Connection::open(server.address).await?;
    let mut answers = Vec::new();
    for case in cases {
        let target = case.target(0).to_owned();
        let answer = connection.ask(&server.get(&target)).await?;
        answers.push((target, answer.body));
    }
    Ok(answers)
}

/// Whether a server answers with all objects at all.
pub(crate) async fn silent(server: &Server, objects: usize, report: &mut Report) -> Result<()> {
    let mut connection = Connection::open(server.address).await?;
    let request = server.get(&format!("{}objects/?limit=100", server.full));
    let begun = Instant::now();
    let answer = tokio::time::timeout(SILENCE, connection.ask(&request)).await;
    let said = match answer {
        Err(_) => format!("no answer in {} s", SILENCE.as_secs()),
        Ok(answer) => {
            format!("status {} after {:.1} s", answer?.status, begun.elapsed().as_secs_f64())
        }
    };
    report.remark(&format!("{}, objects, limit 100, {objects} held: {said}", server.name))
}

/// Each case at each number of connections: the servers in turn, in so many rounds, of which the middle one counts.
pub(crate) async fn compare(
    servers: &[&Server],
    cases: &[Case],
    rounds: u32,
    time: Duration,
    report: &mut Report,
) -> Result<()> {
    for case in cases {
        for connections in CONNECTIONS {
            let mut paces: Vec<Vec<Pace>> = vec![Vec::new(); servers.len()];
            for _ in 0..rounds {
                for (number, (server, paces)) in servers.iter().zip(&mut paces).enumerate() {
                    let request = server.get(case.target(number));
                    let requests = move |_, _| request.clone();
                    paces.push(load(server.address, requests, connections, 200, time).await?);
                }
            }
            let rates: Vec<_> = servers
                .iter()
                .zip(&mut paces)
                .filter_map(|(server, paces)| Some((server.name, middle_of(paces)?.rate)))
                .collect();
            let name = format!("{}, {connections} connection(s)", case.name);
            let is_goal = case.name == "objects, limit 1000" && connections == 16;
            let goal = is_goal.then_some([("opentaxii", 50.0), ("static", 0.5)]);
            report.most(&name, "requests/s", &rates, goal.as_ref().map(<[_; 2]>::as_slice))?;
        }
    }
    Ok(())
}

/// The round in the middle, by rate.
pub(crate) fn middle_of(paces: &mut [Pace]) -> Option<Pace> {
    paces.sort_by(|one, other| one.rate.total_cmp(&other.rate));
    paces.get(paces.len() / 2).copied()
}
