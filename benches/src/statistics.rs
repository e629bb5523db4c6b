//! One number for many measurements.

use std::time::Duration;

/// The median in seconds: what else the machine did moves it least.
pub fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64()
}
