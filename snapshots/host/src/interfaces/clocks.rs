//! `wasi:clocks`: time starts at a fixed moment and passes by being looked at.

use crate::Host;
use crate::guest::{Block, Guest};
use crate::handles::Resource;
use wasmtime::{Caller, Result};

/// The resolution of both clocks in nanoseconds.
const RESOLUTION: u32 = 1_000;

/// `now: func() -> datetime` of the wall clock.
pub(crate) fn wall_clock_now(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let (seconds, nanoseconds) = guest.host().wall_clock();
    Block::<16>::new()
        .long(0, seconds)
        .word(8, nanoseconds)
        .store(&mut guest, result)
}

/// `resolution: func() -> datetime` of the wall clock.
pub(crate) fn wall_clock_resolution(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    Block::<16>::new().word(8, RESOLUTION).store(&mut Guest(caller), result)
}

/// `now: func() -> instant` of the monotonic clock.
pub(crate) fn monotonic_now(caller: Caller<'_, Host>) -> u64 {
    Guest(caller).host().now()
}

/// `resolution: func() -> duration` of the monotonic clock.
pub(crate) fn monotonic_resolution(_caller: Caller<'_, Host>) -> u64 {
    u64::from(RESOLUTION)
}

/// `subscribe-instant: func(when: instant) -> pollable`
pub(crate) fn subscribe_instant(caller: Caller<'_, Host>, ready_at: u64) -> u32 {
    let pollable = Resource::Pollable { ready_at };
    Guest(caller).host().handles.insert(pollable)
}

/// `subscribe-duration: func(when: duration) -> pollable`
pub(crate) fn subscribe_duration(caller: Caller<'_, Host>, duration: u64) -> u32 {
    let mut guest = Guest(caller);
    let host = guest.host();
    let ready_at = host.now().saturating_add(duration);
    host.handles.insert(Resource::Pollable { ready_at })
}
