//! Which objects say where a suspected laboratory is.

use super::super::column::{Json, get};
use super::super::fault::Result;
use super::super::tx::Read;

/// Those of these objects that a suspected laboratory names, or a relationship or a sighting that names one.
pub(in super::super) fn named_by_sites(read: &Read<'_>, ids: &[String]) -> Result<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    read.all(
        "SELECT DISTINCT r.value
         FROM newest n JOIN holding h ON h.position = n.position, json_each(h.refs_json) r
         WHERE n.stix_type IN ('suspected-laboratory', 'relationship', 'sighting')
           AND (n.stix_type = 'suspected-laboratory' OR instr(h.refs_json, 'suspected-laboratory--') > 0)
           AND r.value IN (SELECT value FROM json_each(?1))",
        [Json(ids.to_vec()).to_text()],
        |row| get(row, 0),
    )
}
