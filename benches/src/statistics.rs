//! One number for many measurements.

use std::time::Duration;

/// The mean of ratios, or of what is compared by ratio.
pub fn geometric_mean(numbers: &[f64]) -> f64 {
    let logarithms: f64 = numbers.iter().map(|number| number.ln()).sum();
    (logarithms / numbers.len() as f64).exp()
}

/// The median in seconds: what else the machine did moves it least.
pub fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default().as_secs_f64()
}
