//! The migrations, numbered, forward and back. `user_version` says where a database stands.

use comity_exchange::ports::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use super::fault::{Result, corrupt};

/// One step of the schema.
struct Migration {
    /// From the version before to this one.
    up: &'static str,
    /// Back again.
    down: &'static str,
}

/// Number `n` of the list makes schema `n + 1`. A published migration is never edited.
const MIGRATIONS: &[Migration] = &[
    Migration {
        up: include_str!("../../migrations/0001_init.up.sql"),
        down: include_str!("../../migrations/0001_init.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0002_agreement_folios.up.sql"),
        down: include_str!("../../migrations/0002_agreement_folios.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0003_matters.up.sql"),
        down: include_str!("../../migrations/0003_matters.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0004_matter_order.up.sql"),
        down: include_str!("../../migrations/0004_matter_order.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0005_approvals.up.sql"),
        down: include_str!("../../migrations/0005_approvals.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0006_custody.up.sql"),
        down: include_str!("../../migrations/0006_custody.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0007_contacts.up.sql"),
        down: include_str!("../../migrations/0007_contacts.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0008_mentions.up.sql"),
        down: include_str!("../../migrations/0008_mentions.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0009_agreement_events.up.sql"),
        down: include_str!("../../migrations/0009_agreement_events.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0010_descriptors.up.sql"),
        down: include_str!("../../migrations/0010_descriptors.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0011_journal_log.up.sql"),
        down: include_str!("../../migrations/0011_journal_log.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0012_unit_grants.up.sql"),
        down: include_str!("../../migrations/0012_unit_grants.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0013_recovery.up.sql"),
        down: include_str!("../../migrations/0013_recovery.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0014_agreement_signatures.up.sql"),
        down: include_str!("../../migrations/0014_agreement_signatures.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0015_exported.up.sql"),
        down: include_str!("../../migrations/0015_exported.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0016_collections.up.sql"),
        down: include_str!("../../migrations/0016_collections.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0017_access.up.sql"),
        down: include_str!("../../migrations/0017_access.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0018_mentions_written.up.sql"),
        down: include_str!("../../migrations/0018_mentions_written.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0019_by_object.up.sql"),
        down: include_str!("../../migrations/0019_by_object.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0020_feeds.up.sql"),
        down: include_str!("../../migrations/0020_feeds.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0021_patterns.up.sql"),
        down: include_str!("../../migrations/0021_patterns.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0022_posted_versions.up.sql"),
        down: include_str!("../../migrations/0022_posted_versions.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0023_feed_bounds.up.sql"),
        down: include_str!("../../migrations/0023_feed_bounds.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0024_view_identity.up.sql"),
        down: include_str!("../../migrations/0024_view_identity.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0025_one_instant.up.sql"),
        down: include_str!("../../migrations/0025_one_instant.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0026_postings_of_an_account.up.sql"),
        down: include_str!("../../migrations/0026_postings_of_an_account.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0027_one_page.up.sql"),
        down: include_str!("../../migrations/0027_one_page.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0028_feed_parts.up.sql"),
        down: include_str!("../../migrations/0028_feed_parts.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0029_contact_offset.up.sql"),
        down: include_str!("../../migrations/0029_contact_offset.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0030_use_by_version.up.sql"),
        down: include_str!("../../migrations/0030_use_by_version.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0031_told_versions.up.sql"),
        down: include_str!("../../migrations/0031_told_versions.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0032_losses.up.sql"),
        down: include_str!("../../migrations/0032_losses.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0033_in_order.up.sql"),
        down: include_str!("../../migrations/0033_in_order.down.sql"),
    },
    Migration {
        up: include_str!("../../migrations/0034_lost_since.up.sql"),
        down: include_str!("../../migrations/0034_lost_since.down.sql"),
    },
];

/// "cmty": the mark by which stock tools and this software know the file.
const APPLICATION: i32 = 0x636d_7479;

/// The schema of this version of the software.
pub(super) fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// Brings a database to the latest schema. Several processes may try at once; one does it.
pub(super) fn migrate(connection: &mut Connection) -> Result<()> {
    move_to(connection, latest())
}

/// Refuses a database that this version cannot bring to its schema. Nothing is changed.
pub(super) fn must_be_readable(connection: &Connection) -> Result<u32> {
    let found: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let expected = latest();
    if found > expected {
        let advice = "use the newer version of comity that wrote it";
        return Err(StoreError::Schema { found, expected, advice }.into());
    }
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (found != 0 || tables != 0) {
        return Err(corrupt("its file, which another program wrote"));
    }
    Ok(found)
}

/// Brings a database to schema `target`, up or down, in one transaction.
pub(super) fn move_to(connection: &mut Connection, target: u32) -> Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = must_be_readable(&tx)?;
    let level = |version: u32| usize::try_from(version).unwrap_or(usize::MAX);
    for migration in MIGRATIONS.iter().take(level(target)).skip(level(found)) {
        tx.execute_batch(migration.up)?;
    }
    for migration in MIGRATIONS.iter().take(level(found)).skip(level(target)).rev() {
        tx.execute_batch(migration.down)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", target)?;
    Ok(tx.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(std::result::Result::unwrap).collect()
    }

    #[test]
    fn every_migration_goes_forward_and_back_and_leaves_what_was_before() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        let mut before = vec![objects(&connection)];
        for version in 1..=latest() {
            move_to(&mut connection, version).unwrap();
            before.push(objects(&connection));
        }
        for version in (0..=latest()).rev() {
            move_to(&mut connection, version).unwrap();
            assert_eq!(Some(objects(&connection)), before.pop(), "schema {version}");
        }
    }

    #[test]
    fn a_database_of_a_newer_version_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", latest() + 1).unwrap();
        let before = objects(&connection);
        let error: StoreError = migrate(&mut connection).unwrap_err().into();
        assert_eq!(error.code(), "schema");
        assert_eq!(objects(&connection), before);
    }

    #[test]
    fn a_database_of_another_program_is_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE theirs (x)").unwrap();
        let error: StoreError = migrate(&mut connection).unwrap_err().into();
        assert_eq!(error.code(), "corrupt");
        assert_eq!(objects(&connection), ["CREATE TABLE theirs (x)"]);
    }

    #[test]
    fn numbers_of_collections_go_on_above_all_that_an_older_database_shows() {
        let mut connection = Connection::open_in_memory().unwrap();
        move_to(&mut connection, 23).unwrap();
        let older = "INSERT INTO provenance (number, digest, partner, origin_json, chain_json) VALUES (1, x'', 0, '{}', '[]');
            INSERT INTO holding (id, version, source, stix_type, digest, revoked, grade, provenance, received_at, text, bytes)
              VALUES ('url--1', '', -7, 'url', x'', 0, NULL, 1, '', '', x'');
            INSERT INTO collection (number, id, alias, title, writable, configured, created_at) VALUES (3, x'', 'a', 'a', 1, 0, '');
            INSERT INTO view (number, collection, audience, basis, entered, last, revision)
              VALUES (4, 3, 'house', x'', 0, 0, 0), (5, 3, 'judicial', x'', 0, 0, 0);";
        connection.execute_batch(older).unwrap();
        migrate(&mut connection).unwrap();
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        let counter = |name| count(&format!("SELECT value FROM counter WHERE name = '{name}'"));
        assert_eq!(
            (counter("collections"), counter("views")),
            (7, 5),
            "the seventh left objects aside"
        );
        assert_eq!(
            count("SELECT count(DISTINCT identity) FROM view WHERE length(identity) = 16"),
            2
        );
    }

    #[test]
    fn of_one_instant_readers_of_an_older_database_get_what_came_first() {
        let mut connection = Connection::open_in_memory().unwrap();
        move_to(&mut connection, 24).unwrap();
        let row = |position: u32, id: &str, version: &str, source: u32, digest: u32| {
            format!(
                "INSERT INTO holding (position, id, version, source, stix_type, modified, digest, revoked, grade, provenance, received_at, text, bytes)
                   VALUES ({position}, '{id}', '{version}', {source}, 'malware', 'noon', x'{digest:02x}', 0, NULL, 1, '', '', x'');
                 UPDATE newest SET position = {position} WHERE position IN (SELECT position FROM holding WHERE id = '{id}');
                 INSERT INTO newest (entered, position, partner, versions, stix_type)
                   SELECT {position}, {position}, 0, 2, 'malware'
                   WHERE NOT EXISTS (SELECT 1 FROM newest WHERE position = {position});
                 UPDATE counter SET value = {position} WHERE name = 'entered';"
            )
        };
        let older = [
            "INSERT INTO provenance (number, digest, partner, origin_json, chain_json) VALUES (1, x'', 0, '{}', '[]');"
                .to_owned(),
            // this party's own, in two forms of one instant
            row(1, "malware--own", "noon", 0, 1),
            row(2, "malware--own", "noon.0", 0, 2),
            // released twice, of which the second says something else
            row(3, "malware--theirs", "noon", 1, 1),
            row(4, "malware--theirs", "noon", 2, 2),
            // and twice in the same words: the terms of the second are the newer
            row(5, "malware--same", "noon", 1, 1),
            row(6, "malware--same", "noon", 2, 1),
        ];
        connection.execute_batch(&older.concat()).unwrap();
        migrate(&mut connection).unwrap();
        let sql = "SELECT h.id, n.position, n.entered FROM newest n JOIN holding h USING (position) ORDER BY n.entered";
        let mut newest = connection.prepare(sql).unwrap();
        let rows = newest.query_map([], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        });
        let rows: Vec<_> = rows.unwrap().map(std::result::Result::unwrap).collect();
        let row = |id: &str, position, entered| (format!("malware--{id}"), position, entered);
        assert_eq!(rows, [row("same", 6, 5), row("own", 1, 7), row("theirs", 3, 8)]);
    }

    #[test]
    fn what_clients_of_an_older_database_put_into_a_collection_is_in_it_by_row_and_by_name_once_that_is_gone()
     {
        let mut connection = Connection::open_in_memory().unwrap();
        move_to(&mut connection, 30).unwrap();
        let row = |position: u32, id: &str, version: &str, source: i32| {
            format!(
                "INSERT INTO holding (position, id, version, source, stix_type, digest, revoked, provenance, received_at, text, bytes)
                   VALUES ({position}, '{id}', '{version}', {source}, 'url', x'', 0, 1, '', '', x'');"
            )
        };
        let older = [
            "INSERT INTO provenance (number, digest, partner, origin_json, chain_json) VALUES (1, x'', 0, '{}', '[]');
             INSERT INTO collection (number, id, alias, title, writable, configured, created_at)
               VALUES (3, x'03', 'c', 'c', 1, 0, ''), (4, x'04', 'd', 'd', 1, 0, '');"
                .to_owned(),
            row(1, "url--own", "a", 0),
            row(2, "url--own", "b", 0),
            // what a partner released, and what stands aside in another collection, is not what clients of these wrote
            row(3, "url--own", "a", 1),
            row(4, "url--aside", "a", -3),
            row(5, "url--aside", "a", -4),
            "INSERT INTO collection_version (id, collection, version) VALUES
               ('url--own', 3, 'a'), ('url--aside', 3, 'a'), ('url--purged', 3, 'a');
             INSERT INTO posting VALUES (x'01', x'03', 'desk', 1, '12345'), (x'02', x'03', 'desk', 2, 'é'), (x'03', x'03', 'other', 2, '1');"
                .to_owned(),
        ];
        connection.execute_batch(&older.concat()).unwrap();
        migrate(&mut connection).unwrap();
        connection.execute_batch("DELETE FROM posting WHERE id IN (x'01', x'03')").unwrap();
        let all = |sql: &str| {
            let mut found = connection.prepare(sql).unwrap();
            let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
            rows.map(std::result::Result::unwrap).collect::<Vec<_>>()
        };
        let by_row =
            "SELECT position || ' in ' || collection FROM collection_row ORDER BY position";
        let by_name = "SELECT id || ' ' || version || ' in ' || collection FROM collection_version ORDER BY id";
        assert_eq!(all(by_row), ["1 in 3", "4 in 3"]);
        assert_eq!(all(by_name), ["url--purged a in 3"]);
        connection.execute_batch("DELETE FROM holding WHERE position = 1").unwrap();
        assert_eq!(all(by_row), ["4 in 3"]);
        assert_eq!(all(by_name), ["url--own a in 3", "url--purged a in 3"]);
        let totals = "SELECT account || ' ' || statuses || ' ' || bytes FROM posting_total";
        assert_eq!(all(totals), ["desk 1 2"]);
    }
}
