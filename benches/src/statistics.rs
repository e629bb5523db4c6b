//! One number for many measurements.

use std::time::Duration;

/// The mean of ratios, or of what is compared by ratio.
pub fn geometric_mean(numbers: &[f64]) -> f64 {
    let logarithms: f64 = numbers.iter().map(|number| number.ln()).sum();
    (logarithms / numbers.len() as f64).exp()
}

/// The median in seconds: what else the machine did moves it least.
pub fn median(times: Vec<Duration>) -> f64 {
    median_of(times.iter().map(Duration::as_secs_f64).collect())
}

/// The median of ratios; 0 of none.
pub fn median_of(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}
