//! The parts of a statement, written out again.

use comity_exchange::payload::{Nowhere, write};
use comity_testkit::{CLAUSE, Result, pair, pump};

use crate::rollback::release;

/// A release that passed on what a partner gave loses its parts when that is purged; a disk may lose their bytes.
#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_gone_are_called_purged_and_not_changed() -> Result<()> {
    for lost in ["DELETE FROM release_part", "UPDATE release_part SET bytes = x''"] {
        let pair = pair().await?;
        release(&pair.us, &pair.mx, CLAUSE, 1).await?;
        pump(&pair.us, &pair.mx).await?;
        let node = &pair.us.node;
        let newest = node.store().releases(1).await?;
        let newest = newest.first().ok_or("no release")?;
        let statement = newest.statement.ok_or("not sealed")?.to_string();
        let (whole, _) = write(node, &statement, Nowhere, "an analyst").await?;
        assert_eq!(whole.parts.len(), 2);
        pair.us.sql(lost)?;
        let refused = write(node, &statement, Nowhere, "an analyst").await;
        let refused = refused.err().ok_or("what is gone was written")?;
        assert_eq!(refused.code(), "parts-purged", "{lost}: {refused}");
        assert!(refused.to_string().contains(&statement), "{refused}");
    }
    Ok(())
}
