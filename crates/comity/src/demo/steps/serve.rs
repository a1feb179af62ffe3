//! Both nodes serve, each as a process of its own.

use serde_json::json;

use super::pick;
use crate::demo::failure::Result;
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    tokio::try_join!(stage.us.start(), stage.mx.start())?;
    let (us, mx) = (&stage.us, &stage.mx);
    Ok(Told {
        line: pick(
            stage.lang,
            format!("both nodes serve: us on {}, mx on {}", us.link, mx.link),
            format!("ambos nodos atienden: us en {}, mx en {}", us.link, mx.link),
        ),
        details: Vec::new(),
        facts: json!({
            "us": { "link": us.link, "api": us.api },
            "mx": { "link": mx.link, "api": mx.api },
        }),
    })
}
