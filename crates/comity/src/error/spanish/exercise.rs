//! Errors about the time of training nodes.

use std::path::Path;

use crate::clock::MOST_DAYS;

/// A live node was asked.
pub(super) const LIVE: &str = "solo en los nodos de ejercicio puede adelantarse el tiempo; cree uno con `comity init --exercise`";

/// It cannot be put on so far.
pub(super) fn ends(ahead: u32) -> String {
    format!(
        "el nodo tiene {ahead} días de adelanto y puede tener {MOST_DAYS} como máximo; indique menos días o cree otro nodo de ejercicio"
    )
}

/// The file says no number of days.
pub(super) fn clock(path: &Path) -> String {
    format!(
        "`{}` no es un número de días de 0 a {MOST_DAYS}; escriba en él los días de adelanto de los demás nodos del ejercicio",
        path.display()
    )
}
