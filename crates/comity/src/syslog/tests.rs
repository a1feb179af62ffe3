use comity_testkit::{Party, Result, TestClock};
use tokio::io::{AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;

use super::*;

async fn party() -> Result<Party> {
    Party::new("us", &TestClock::at("2026-03-01T10:00:00Z".parse()?), true).await
}

async fn write(node: &Node, events: std::ops::Range<u32>) -> Result<()> {
    let secret = json!({ "purpose": "words of a person" });
    let lines = events.map(|at| {
        node.journal_by("officer-1", &format!("event-{at}"), "words of a person", secret.clone())
    });
    Ok(node.store().journal(lines.collect()).await?)
}

/// The next line that a TCP syslog gets.
async fn next(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut length = 0;
    loop {
        match stream.read_u8().await? {
            b' ' => break,
            digit => length = length * 10 + usize::from(digit - b'0'),
        }
    }
    let mut line = vec![0; length];
    stream.read_exact(&mut line).await?;
    Ok(String::from_utf8(line)?)
}

/// The events of a syslog's lines, up to the last of those that were written.
async fn events(stream: &mut BufReader<TcpStream>, last: &str) -> Result<Vec<String>> {
    let mut events = Vec::new();
    while events.last().is_none_or(|it| it != last) {
        let line = next(stream).await?;
        events.push(line.split(' ').nth(5).ok_or("no event")?.to_owned());
    }
    Ok(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_comes_in_order_and_goes_on_after_the_syslog_was_away() -> Result<()> {
    let party = party().await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let target: Target = format!("tcp://{address}").parse()?;
    let mut line = None;
    write(&party.node, 0..300).await?;
    while batch(&party.node, &target, &mut line).await? > 0 {}
    let mut stream = BufReader::new(listener.accept().await?.0);
    let first = events(&mut stream, "event-299").await?;
    drop((stream, listener));

    // Nobody listens: nothing is waited for, and nothing is passed over.
    write(&party.node, 300..310).await?;
    line = None;
    batch(&party.node, &target, &mut line).await.unwrap_err();
    write(&party.node, 310..320).await?;

    let listener = TcpListener::bind(address).await?;
    line = None;
    while batch(&party.node, &target, &mut line).await? > 0 {}
    let mut stream = BufReader::new(listener.accept().await?.0);
    let rest = events(&mut stream, "event-319").await?;
    let all: Vec<_> = first.into_iter().chain(rest).collect();
    let rows = party.node.store().journal_rows(0, 1_000).await?;
    assert_eq!(all, rows.into_iter().map(|row| row.event).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_has_no_name_no_words_and_the_form_of_the_standard() -> Result<()> {
    let party = party().await?;
    write(&party.node, 0..1).await?;
    let listener = UdpSocket::bind("127.0.0.1:0").await?;
    let target = format!("udp://{}", listener.local_addr()?).parse()?;
    let sent = batch(&party.node, &target, &mut None).await?;
    let mut last = String::new();
    for _ in 0..sent {
        let mut bytes = [0; 4096];
        let length = listener.recv(&mut bytes).await?;
        last = String::from_utf8(bytes[..length].to_vec())?;
        assert!(
            last.is_ascii() && last.starts_with("<110>1 2026-03-01T10:00:00Z us comity - "),
            "{last}"
        );
        for word in ["words of a person", "officer-1", "purpose"] {
            assert!(!last.contains(word), "{last}");
        }
    }
    let body: serde_json::Value =
        serde_json::from_str(last.splitn(8, ' ').nth(7).ok_or("no body")?)?;
    assert_eq!(body["subject"], serde_json::Value::Null);
    assert_eq!(body["number"], u64::try_from(sent)? - 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_syslog_delays_no_line_of_the_journal() -> Result<()> {
    let party = party().await?;
    let target: Target = "unix:/nonexistent/log".parse()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let sending = tokio::spawn(run(party.node.clone(), target, async {
        let _ = stopped.await;
    }));
    write(&party.node, 0..500).await?;
    let written = party.node.store().journal_head().await?.size;
    assert!(written >= 500);
    assert_eq!(party.node.store().journal_cursor(READER.to_owned()).await?, 0);
    drop(stop);
    sending.await?;
    Ok(())
}

#[test]
fn only_references_leave_as_subjects() {
    for reference in [
        "MX-2026-000123",
        "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000001",
        "sha256:5d0b6f1e3c0e4e598a526d1f0c6e2b115d0b6f1e3c0e4e598a526d1f0c6e2b11",
    ] {
        assert!(is_reference(reference), "{reference}");
    }
    for words in ["", "officer-1", "a--b", "sha256:no", "Ana--5d0b6f1e-3c0e-4e59-8a52-000000000001"]
    {
        assert!(!is_reference(words), "{words}");
    }
}

#[test]
fn a_target_reads_as_it_prints_and_nothing_else_is_one() {
    for text in
        ["udp://127.0.0.1:514", "tcp://logs.example:601", "udp://[::1]:514", "unix:/dev/log"]
    {
        assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
    }
    for wrong in [
        "",
        "127.0.0.1:514",
        "udp://",
        "udp://host",
        "tcp://host:0",
        "tcp://:1",
        "tcp://host:99999",
        "unix:log",
        "unix:",
        "http://x:1",
    ] {
        wrong.parse::<Target>().unwrap_err();
    }
}
