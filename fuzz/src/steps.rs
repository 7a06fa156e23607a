//! What an input costs: the steps of parsers and searches, which are the same in every run, and the time of the processor, of which a
//! run with sanitizers takes many times as much.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tenon_syntax::tree::steps;

/// Steps that any input may take, and how many more for each of its bytes. What is promised to be read back is parsed some ten times, and
/// an example is looked for at each token.
const FREE_STEPS: u64 = 200_000;
const STEPS_PER_BYTE: u64 = 2_000;
/// The same of time.
const FREE_TIME: Duration = Duration::from_secs(5);
const TIME_PER_BYTE: Duration = Duration::from_micros(500);

/// How long this thread has run.
fn time() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec.unsigned_abs() as u32)
}

/// Does `run` with `data`.
///
/// # Panics
/// If that takes more steps, or longer, than the length of `data` allows.
pub fn measured(data: &[u8], run: impl FnOnce(&[u8])) {
    let (steps_before, time_before) = (steps(), time());
    run(data);
    let (steps, time) = (steps() - steps_before, time() - time_before);
    let bytes = data.len() as u64;
    assert!(
        steps <= FREE_STEPS + STEPS_PER_BYTE * bytes,
        "{bytes} bytes took {steps} steps"
    );
    let most = FREE_TIME + TIME_PER_BYTE * u32::try_from(bytes).unwrap_or(u32::MAX);
    assert!(time <= most, "{bytes} bytes took {time:?}");
}
