//! What the figures were measured on.

use std::process::Command;

use serde_json::{Value, json};

/// The processor, how many of them, and the compiler.
pub(crate) fn facts() -> Value {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor = std::fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    json!({
        "cores": cores, "processor": processor, "rustc": rustc, "system": std::env::consts::OS,
        "debug_assertions": cfg!(debug_assertions),
    })
}
