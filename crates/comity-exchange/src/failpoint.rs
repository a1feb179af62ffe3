//! Places at which a test stops a node to kill it. Without the cargo feature `testkit` they are nothing.

/// The steps of a release at which a node can be stopped, in the order in which a release passes them; those of what is
/// carried by hand and of a feed that is pulled at the end.
pub const FAIL_POINTS: &[&str] = &[
    "compose:before-commit",
    "compose:after-commit",
    "approve:after-commit",
    "seal:before-commit",
    "seal:after-commit",
    "seal:signed",
    "dispatch:before-delivery",
    "dispatch:after-delivery",
    "dispatch:cursor-moved",
    "receive:before-commit",
    "receive:after-commit",
    "verify:done",
    "quarantine:staged",
    "admit:before-commit",
    "admit:after-commit",
    "acknowledge:sealed",
    "acknowledge:signed",
    "settle:before-commit",
    "settle:after-commit",
    "export:written",
    "export:noted",
    "import:copied",
    "feed:page-held",
    "feed:page-noted",
];

/// Stops here if the environment's `COMITY_FAIL_POINT` names this place: writes the file that
/// `COMITY_FAIL_MARK` names, and waits to be killed.
#[cfg(feature = "testkit")]
pub async fn fail_point(name: &'static str) {
    debug_assert!(FAIL_POINTS.contains(&name), "`{name}` is not in the list");
    if std::env::var("COMITY_FAIL_POINT").as_deref() != Ok(name) {
        return;
    }
    if let Ok(mark) = std::env::var("COMITY_FAIL_MARK") {
        let _ = std::fs::write(mark, name);
    }
    std::future::pending::<()>().await;
}

/// Nothing.
#[cfg(not(feature = "testkit"))]
pub async fn fail_point(_name: &'static str) {}
