//! A node that ends with the process that started it: for a demonstration, which may be killed.

/// The variable that asks for it, with `1`.
pub(crate) const VARIABLE: &str = "COMITY_STOP_WITH_PARENT";

/// Where the environment asks for it, has the kernel send SIGTERM when the parent is gone, however it went. The parent is the
/// thread that started this process: it must live as long as its process.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(super) fn stop_with_it() -> std::io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};
    if std::env::var_os(VARIABLE).is_some_and(|it| it == "1") {
        set_parent_process_death_signal(Some(Signal::TERM))?;
    }
    Ok(())
}

/// Kernels that know nothing of the kind are not asked.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub(super) const fn stop_with_it() -> std::io::Result<()> {
    Ok(())
}
