//! What lists of numbers cost in each form in which they may arrive, beside as many bytes.

use crate::app::App;
use crate::builder::{Ampoule, Builder};
use crate::builds;
use crate::calls::{BATCHES, Batch, Warm, compare, there_and_back};
use crate::error::Error;
use crate::host::Allocation;
use crate::report::Report;
use crate::statistics::median;

/// The values of `numeric-lists`.
const FORMS: [&str; 3] = ["list", "array", "memoryview"];

/// How many bytes are given and taken.
const SIZE: usize = 1 << 20;

/// Measures each form beside what the peer has, lists, and beside bytes in the same instance.
pub fn measure(ampoule: &Ampoule, app: &App, peer: &dyn Builder, report: &mut Report) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    let peer = builds::build(peer, app)?.0;
    let floats: Vec<f64> = (0..SIZE / size_of::<f64>()).map(|number| number as f64).collect();
    for form in FORMS {
        let built = builds::build(&ampoule.with_numeric_lists(form), app)?.0;
        let mut warm = [Warm::new(&engine, &built)?, Warm::new(&engine, &peer)?];
        let what = format!("list<f64> of 1 MiB as {form}");
        compare::<_, (Vec<f64>,)>(&mut warm, &there_and_back(&what), "echo-floats", (&floats[..],), report)?;
        let [ours, _] = &mut warm;
        let ratio = beside_bytes(ours, &floats).map_err(Error::component(&ours.builder))?;
        report.note(
            &format!("{what}, beside list<u8> of 1 MiB"),
            &format!("{ratio:.2} times as long"),
        );
    }
    Ok(())
}

/// How many times as long a call with floats takes as one with as many bytes: their batches alternate.
fn beside_bytes(warm: &mut Warm, floats: &[f64]) -> wasmtime::Result<f64> {
    let bytes = vec![7u8; size_of_val(floats)];
    let (with_floats, with_bytes) = ((floats,), (&bytes[..],));
    let float_batch = Batch::<_, (Vec<f64>,)>::new(warm, "echo-floats", with_floats)?;
    let byte_batch = Batch::<_, (Vec<u8>,)>::new(warm, "echo-bytes", with_bytes)?;
    let (mut float_times, mut byte_times) = (Vec::new(), Vec::new());
    for _ in 0..BATCHES {
        float_times.push(float_batch.run(&mut warm.store, with_floats)?);
        byte_times.push(byte_batch.run(&mut warm.store, with_bytes)?);
    }
    let float_time = median(float_times) / f64::from(float_batch.calls);
    let byte_time = median(byte_times) / f64::from(byte_batch.calls);
    Ok(float_time / byte_time)
}
