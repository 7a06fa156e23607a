//! How long the whole process takes to plan, from `exec` to exit: `--dry-run` on a host that `tenon new host` made,
//! for two modules and for all. Nothing is written, so the disk does not blur it.
//!
//! `cargo bench --bench plan` prints a line for each case and how it compares with the last run, which it keeps below
//! the target directory. Without `--bench`, as `cargo test --benches` runs it, each case runs once.
#![allow(clippy::disallowed_methods)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Runs that are not counted, and runs that are.
const WARM: usize = 5;
const SAMPLES: usize = 101;

/// What differs by more than this from the last run is worth a look.
const NOISE: f64 = 0.10;

/// Each case: its name and what is asked of the program.
const CASES: &[(&str, &str)] = &[
    ("start_only", "--version"),
    (
        "plan_two_modules",
        "new-integration bench --modules tickets,cms --activate tickets --dry-run",
    ),
    (
        "plan_all_modules",
        "new-integration bench --modules all --activate all --dry-run",
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let whole = std::env::args().any(|argument| argument == "--bench");
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let dir = tempfile::tempdir()?;
    run(dir.path(), "new host shop --pack o2s --quiet")?;
    let host = dir.path().join("shop");

    for (name, arguments) in CASES {
        if !chosen.is_empty() && !chosen.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        if !whole {
            run(&host, arguments)?;
            println!("{name}: runs");
            continue;
        }
        let median = measure(name, &host, arguments)?;
        let kept = kept(name);
        if let Some(last) = fs::read_to_string(&kept)
            .ok()
            .and_then(|text| text.trim().parse::<f64>().ok())
        {
            let change = median / last - 1.0;
            let word = match change {
                change if change > NOISE => "SLOWER",
                change if change < -NOISE => "faster",
                _ => "the same, within the noise",
            };
            println!("    {:+.1} % against the last run: {word}", change * 100.0);
        }
        fs::write(kept, median.to_string())?;
    }
    Ok(())
}

/// Times the case and returns its median in milliseconds.
fn measure(name: &str, host: &Path, arguments: &str) -> Result<f64, Box<dyn Error>> {
    for _ in 0..WARM {
        run(host, arguments)?;
    }
    let mut took = Vec::with_capacity(SAMPLES);
    for _ in 0..SAMPLES {
        took.push(run(host, arguments)?.as_secs_f64() * 1000.0);
    }
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((SAMPLES - 1) as f64 * share).round() as usize];
    let median = at(0.5);
    println!(
        "{name:<20} median {median:8.3} ms   min {:8.3} ms   9 of 10 below {:8.3} ms",
        at(0.0),
        at(0.9)
    );
    Ok(median)
}

/// One process, in an environment in which nothing is set.
fn run(dir: &Path, arguments: &str) -> Result<Duration, Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenon"));
    command.args(arguments.split(' ')).current_dir(dir).env_clear();
    command.env(
        "XDG_STATE_HOME",
        Path::new(env!("CARGO_TARGET_TMPDIR")).join("state"),
    );
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begun = Instant::now();
    let status = command.status()?;
    let took = begun.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(format!("`tenon {arguments}`: {status}").into())
    }
}

/// Where the median of the last run stands.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}"))
}
