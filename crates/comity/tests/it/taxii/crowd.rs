//! Many connections that ask for nothing, and a node that goes on serving.

use tokio::time::Instant;

use super::{Desk, PATIENCE, TcpStream};

/// As many as this, or as many as this machine lets one process open.
const CROWD: usize = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_connections_that_lie_idle_stop_nobody() {
    let desk = Desk::with("", |_| {}).await;
    let bearer = format!("Bearer {}", desk.reader().await);
    let mut crowd = Vec::new();
    let begin = Instant::now();
    while crowd.len() < CROWD {
        match TcpStream::connect(("127.0.0.1", desk.port)).await {
            Ok(stream) => crowd.push(stream),
            Err(error) if crowd.len() > 500 => {
                eprintln!("this machine lets {} connections be opened: {error}", crowd.len());
                // room for those that ask
                crowd.truncate(crowd.len() - 20);
                break;
            }
            Err(error) => panic!("{error}"),
        }
        if crowd.len() % 1_000 == 0 {
            let asked = Instant::now();
            assert_eq!(desk.get("/taxii2/", &bearer).await.0, 200, "beside {}", crowd.len());
            assert!(asked.elapsed() < PATIENCE / 3, "beside {}", crowd.len());
        }
    }
    assert!(begin.elapsed() < PATIENCE * 4, "they were waited for");
    for _ in 0..5 {
        assert_eq!(desk.get("/taxii2/", &bearer).await.0, 200);
    }
}
