//! Every command, on real data folders, without a running node.

mod access;
mod accounts;
mod agreements;
mod amendments;
mod backups;
mod contacts;
mod custody;
mod evidence;
mod forms;
mod help;
mod holdings;
mod incomplete;
mod keys;
mod matters;
mod nodes;
mod opencti;
mod parties;
mod payload;
mod pouches;
mod record;
mod recovered;
mod refusals;
mod releases;
mod run;
mod speech;
mod standing;
mod stix;
mod words;

pub(crate) use run::{Place, comity, indicator};
#[cfg(feature = "testkit")]
pub(crate) use stix::{GRADE, GRADE_ID, GRADE_SCHEMA};
