//! What the figures were measured on, and the processor's time.

use std::process::Command;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

/// The processor, how many of them, and the compiler.
pub fn facts() -> Value {
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

/// How many threads of the whole machine wanted a processor, on average over the last minute; `None` where the system does
/// not say.
pub fn load() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/loadavg").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// How long the threads of this process that bear a name have run, and how long they could have run and waited for a
/// processor; nothing where the system does not say. Names are cut to 15 bytes, as Linux does.
pub fn threads(name: &str) -> (Duration, Duration) {
    let name: String = name.chars().take(15).collect();
    let mut sum = (Duration::ZERO, Duration::ZERO);
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let read = |file: &str| std::fs::read_to_string(task.path().join(file)).unwrap_or_default();
        if read("comm").trim_end() != name {
            continue;
        }
        let told = read("schedstat");
        let mut nanoseconds = told.split_whitespace().map_while(|it| it.parse().ok());
        let mut next = || Duration::from_nanos(nanoseconds.next().unwrap_or_default());
        sum = (sum.0 + next(), sum.1 + next());
    }
    sum
}

/// How long the processor has worked for this process, all its threads together.
pub fn processor() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_thread_is_found_by_its_name_however_long_that_is() {
        assert_eq!(threads("no thread is called so"), (Duration::ZERO, Duration::ZERO));
        let name = "comity-a-long-name";
        let thread = std::thread::Builder::new().name(name.to_owned());
        let ran = thread.spawn(move || {
            // it is told when a thread gives its core away
            std::thread::park_timeout(Duration::from_millis(1));
            threads(name).0
        });
        let ran = ran.unwrap().join().unwrap();
        assert!(ran > Duration::ZERO || !std::path::Path::new("/proc/self/schedstat").exists());
    }
}
