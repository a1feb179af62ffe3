//! What a page costs at 10,000 objects and at many more: every page is another one, so that none is remembered.

use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use comity_bench::figures::print;
use comity_testkit::{Result, indicator};
use serde_json::Value;

use crate::load::Connection;
use crate::report::Report;
use crate::servers::{Place, Server};

/// The smaller number of objects.
const FEW: u64 = 10_000;
/// Pages of each kind.
const PAGES: u64 = 200;
/// How many places the next page is away from the one before. Places that follow each other overlap where there are few objects, and
/// what was read for one page is then still at hand for the next, as it never is where there are many.
const STRIDE: u64 = 77;
/// Objects on a page.
const LIMIT: u64 = 1_000;

/// The kinds of pages, each with its goal: what it may cost at most beside the same at 10,000 objects.
const KINDS: [&str; 4] = ["objects", "manifest", "objects of a type", "one object"];

/// Times pages at both numbers.
pub(crate) async fn compare(
    place: &Place,
    folder: &Path,
    many: u64,
    report: &mut Report,
) -> Result<()> {
    let few = node(place, folder, "few", FEW).await?;
    let much = node(place, folder, "many", many).await?;
    let mut costs = [[0.0; 2]; KINDS.len()];
    // in turn, so that both have the same neighbours
    let mut times: Vec<[Vec<Duration>; 2]> = vec![[Vec::new(), Vec::new()]; KINDS.len()];
    let mut connections =
        [Connection::open(few.0.address).await?, Connection::open(much.0.address).await?];
    for page in (0..PAGES).map(|it| it * STRIDE % PAGES) {
        for (kind, times) in times.iter_mut().enumerate() {
            for (at, (server, span)) in [&few, &much].into_iter().enumerate() {
                let Some((connection, times)) = connections.get_mut(at).zip(times.get_mut(at))
                else {
                    continue;
                };
                let request = server.get(&target(server, kind, page, span));
                let begun = Instant::now();
                let answer = connection.ask(&request).await?;
                times.push(begun.elapsed());
                if answer.status != 200 {
                    return Err(format!("no page: {}", answer.head).into());
                }
            }
        }
    }
    for (cost, times) in costs.iter_mut().zip(&mut times) {
        for (cost, times) in cost.iter_mut().zip(times) {
            times.sort_unstable();
            *cost = times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1_000.0;
        }
    }
    for (kind, [few, much]) in KINDS.iter().zip(costs) {
        report.growth(
            &format!("{kind}, a page not asked for before, {FEW} and {many} objects"),
            few,
            much,
        )?;
    }
    Ok(())
}

/// When the first object of a node's collection was added and how long it was from then to the last, in microseconds.
struct Span {
    first: i64,
    length: i64,
    objects: u64,
}

/// A node with so many objects, and from when to when they were added.
async fn node(place: &Place, folder: &Path, name: &str, objects: u64) -> Result<(Server, Span)> {
    print(&format!("a node with {objects} objects\n"))?;
    let file = folder.join(format!("{name}.jsonl"));
    let mut lines = BufWriter::new(std::fs::File::create(&file)?);
    for number in 0..objects {
        writeln!(lines, "{}", indicator(number))?;
    }
    lines.into_inner()?.sync_all()?;
    let mut server = place.comity(name, &file)?;
    std::fs::remove_file(&file)?;
    server.start().await?;
    let mut connection = Connection::open(server.address).await?;
    let begun = Instant::now();
    loop {
        // the last object is there when whatever was before it is
        let id = id_of(objects - 1)?;
        let target = format!("{}manifest/?match[id]={id}", server.full);
        let page = connection.ask(&server.get(&target)).await?;
        if let Some(last) = added(&page.body)? {
            let first =
                connection.ask(&server.get(&format!("{}manifest/?limit=1", server.full))).await?;
            let first = added(&first.body)?.ok_or("a collection without a first object")?;
            return Ok((server, Span { first, length: last - first, objects }));
        }
        if begun.elapsed() > Duration::from_mins(30) {
            return Err("the node never followed".into());
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

/// The time, in microseconds since 1970, at which the first object of a manifest was added.
fn added(body: &[u8]) -> Result<Option<i64>> {
    let body: Value = serde_json::from_slice(body)?;
    let text = body.pointer("/objects/0/date_added").and_then(Value::as_str);
    Ok(text
        .map(|it| it.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond))
        .transpose()?)
}

fn id_of(number: u64) -> Result<String> {
    let object: Value = serde_json::from_str(&indicator(number))?;
    Ok(object.get("id").and_then(Value::as_str).ok_or("no id")?.to_owned())
}

/// Another page of a kind each time, spread over the whole collection but for its last pages, which have fewer objects.
fn target(server: &Server, kind: usize, page: u64, span: &Span) -> String {
    let share = i64::try_from(page).unwrap_or_default();
    let most = i64::try_from(PAGES).unwrap_or(1) * 5 / 4;
    let at = span.first + span.length / most * share;
    let after = jiff::Timestamp::from_microsecond(at).unwrap_or_default();
    let after = after.strftime("%Y-%m-%dT%H:%M:%S.%6fZ");
    let full = &server.full;
    match kind {
        0 => format!("{full}objects/?limit={LIMIT}&added_after={after}"),
        1 => format!("{full}manifest/?limit={LIMIT}&added_after={after}"),
        2 => format!("{full}objects/?limit={LIMIT}&match[type]=indicator&added_after={after}"),
        _ => {
            let number = span.objects / PAGES * page;
            format!("{full}objects/{}/", id_of(number).unwrap_or_default())
        }
    }
}
