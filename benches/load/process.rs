//! CPU time and memory of processes, from Linux's `/proc`.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// The unit of CPU times in `/proc`.
const TICK: Duration = Duration::from_millis(10);

/// CPU time of a process and of those of its children that have ended.
pub fn cpu(process: u32) -> Duration {
    let Ok(text) = fs::read_to_string(format!("/proc/{process}/stat")) else {
        return Duration::ZERO;
    };
    // The name is in parentheses and may contain spaces. After it are 11 fields, then the times.
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let times = after_name.split_whitespace().skip(11).take(4);
    times.map(|ticks| TICK * ticks.parse().unwrap_or(0)).sum()
}

/// CPU time of a process and of all its descendants, including those that have ended.
pub fn cpu_of_all(process: u32) -> Duration {
    let children: Duration = children(process).into_iter().map(cpu_of_all).sum();
    cpu(process) + children
}

fn children(process: u32) -> Vec<u32> {
    let path = format!("/proc/{process}/task/{process}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}

/// Resident memory in MB: now, and the peak until now.
pub fn memory_mb(process: u32) -> (f64, f64) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse::<f64>().ok()
    };
    let mb = |name| field(name).map_or(f64::NAN, |kib| kib * 1024.0 / 1e6);
    (mb("VmRSS:"), mb("VmHWM:"))
}

/// Size in MB of a file, or of all files in a folder.
pub fn size_mb(path: &Path) -> f64 {
    let walk = walkdir::WalkDir::new(path).into_iter().flatten();
    let bytes: u64 = walk
        .filter_map(|entry| entry.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|about| about.len())
        .sum();
    bytes as f64 / 1e6
}

/// The machine's cores, memory and kernel, in one line.
pub fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (cpus, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let after_colon = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        let value = line.and_then(|line| line.split(':').nth(1));
        value.unwrap_or("unknown").trim().to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory_kib = after_colon(&memory, "MemTotal").replace(" kB", "");
    let memory_gib = memory_kib.parse::<f64>().unwrap_or(f64::NAN) / (1 << 20) as f64;
    format!(
        "{cores} cores of {}, {memory_gib:.0} GiB, Linux {}, client and server on the same cores",
        after_colon(&cpus, "model name"),
        read("/proc/sys/kernel/osrelease").trim(),
    )
}
