//! What is timed: each operation as the issue of it is called by the host.

use super::ends::{Bytes, Numbers, Taker};
use crate::host::State;
use futures::future::try_join_all;
use wasmtime::component::{Accessor, FutureReader, Instance, StreamReader, TypedFunc};
use wasmtime::{Store, format_err};

const MIB: usize = 1 << 20;
/// How many calls, imports or futures there are in a round.
const CALLS: u32 = 1000;
/// How many bytes go through a stream in a round.
const LENGTH: usize = 16 * MIB;

/// An operation of the guest.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    /// An export that does nothing.
    Nop,
    /// An import that has returned when it is awaited.
    Await,
    /// Calls at once, each of which waits for an import.
    Wait,
    /// Imports of one call, gathered.
    Imports,
    /// Futures of one call that are ready, gathered.
    Futures,
    /// The guest reads so many bytes at a time.
    Read(usize),
    /// The guest sums up a stream of numbers.
    Sum,
    /// The guest writes so many bytes at a time to a host that takes so many.
    Write(usize, usize),
    /// The guest writes what it reads.
    Echo,
}

/// In the order of the table.
pub const OPERATIONS: [Operation; 14] = [
    Operation::Nop,
    Operation::Await,
    Operation::Wait,
    Operation::Imports,
    Operation::Futures,
    Operation::Read(16 << 10),
    Operation::Read(64 << 10),
    Operation::Read(MIB),
    Operation::Sum,
    Operation::Write(16 << 10, usize::MAX),
    Operation::Write(64 << 10, usize::MAX),
    Operation::Write(MIB, usize::MAX),
    Operation::Write(MIB, 8 << 10),
    Operation::Echo,
];

/// The functions of a component.
pub struct Exports {
    nop: TypedFunc<(), ()>,
    await_imports: TypedFunc<(u32,), (u64,)>,
    wait: TypedFunc<(u32,), (u32,)>,
    gather_imports: TypedFunc<(u32,), (u64,)>,
    gather_futures: TypedFunc<(Vec<FutureReader<u32>>,), (u64,)>,
    read: TypedFunc<(StreamReader<u8>, u32), (u64,)>,
    sum: TypedFunc<(StreamReader<u32>,), (u64,)>,
    write: TypedFunc<(u32, u32), (StreamReader<u8>,)>,
    echo: TypedFunc<(StreamReader<u8>,), (StreamReader<u8>,)>,
}

impl Exports {
    /// Those of an instance.
    pub fn find(store: &mut Store<State>, instance: &Instance) -> wasmtime::Result<Exports> {
        Ok(Exports {
            nop: instance.get_typed_func(&mut *store, "nop")?,
            await_imports: instance.get_typed_func(&mut *store, "await-imports")?,
            wait: instance.get_typed_func(&mut *store, "wait")?,
            gather_imports: instance.get_typed_func(&mut *store, "gather-imports")?,
            gather_futures: instance.get_typed_func(&mut *store, "gather-futures")?,
            read: instance.get_typed_func(&mut *store, "read")?,
            sum: instance.get_typed_func(&mut *store, "sum")?,
            write: instance.get_typed_func(&mut *store, "write")?,
            echo: instance.get_typed_func(&mut *store, "echo")?,
        })
    }
}

/// The calls of nothing in a round, one after the other.
pub async fn nop(store: &mut Store<State>, nop: &TypedFunc<(), ()>) -> wasmtime::Result<()> {
    let calls = async |accessor: &Accessor<State>| -> wasmtime::Result<()> {
        for _ in 0..CALLS {
            nop.call_concurrent(accessor, ()).await?;
        }
        Ok(())
    };
    store.run_concurrent(calls).await?
}

impl Operation {
    /// Its line of the table.
    pub fn name(self) -> String {
        let kibibytes = |bytes: usize| format!("{} KiB", bytes >> 10);
        match self {
            Operation::Nop => "asynchronous call of nothing".to_string(),
            Operation::Await => "await an import that returns at once".to_string(),
            Operation::Wait => "a call that waits for an import, 1,000 at once".to_string(),
            Operation::Imports => "one of 1,000 imports in a gather".to_string(),
            Operation::Futures => "one of 1,000 futures in a gather".to_string(),
            Operation::Read(at_a_time) => format!("stream<u8> read {} at a time, for each MiB", kibibytes(at_a_time)),
            Operation::Sum => "stream<u32> read and summed up, for 1,000 items".to_string(),
            Operation::Write(at_a_time, usize::MAX) => {
                format!("stream<u8> written {} at a time, for each MiB", kibibytes(at_a_time))
            }
            Operation::Write(at_a_time, taken) => format!(
                "stream<u8> written {} at a time, taken {} at a time, for each MiB",
                kibibytes(at_a_time),
                kibibytes(taken)
            ),
            Operation::Echo => "stream<u8> echoed 64 KiB at a time, for each MiB".to_string(),
        }
    }

    /// How many operations a round has.
    pub fn count(self) -> f64 {
        match self {
            Operation::Nop | Operation::Await | Operation::Wait | Operation::Imports | Operation::Futures => {
                f64::from(CALLS)
            }
            Operation::Sum => f64::from(ITEMS) / 1000.0,
            Operation::Read(_) | Operation::Write(..) | Operation::Echo => (LENGTH / MIB) as f64,
        }
    }

    /// Does a round of it.
    pub async fn run(self, store: &mut Store<State>, exports: &Exports) -> wasmtime::Result<()> {
        if let Operation::Nop = self {
            return nop(store, &exports.nop).await;
        }
        store
            .run_concurrent(async |accessor| self.round(accessor, exports).await)
            .await?
    }

    async fn round(self, accessor: &Accessor<State>, exports: &Exports) -> wasmtime::Result<()> {
        let sum = u64::from(CALLS * (CALLS - 1) / 2);
        match self {
            Operation::Nop => Ok(()),
            Operation::Await => same(exports.await_imports.call_concurrent(accessor, (CALLS,)).await?.0, sum),
            Operation::Imports => same(exports.gather_imports.call_concurrent(accessor, (CALLS,)).await?.0, sum),
            Operation::Wait => {
                let calls = (0..CALLS).map(|number| exports.wait.call_concurrent(accessor, (number,)));
                let results = try_join_all(calls).await?;
                same(results.into_iter().map(|(number,)| u64::from(number)).sum(), sum)
            }
            Operation::Futures => {
                let ready = |number| async move { wasmtime::error::Ok(number) };
                let numbers = accessor.with(|mut store| {
                    (0..CALLS)
                        .map(|n| FutureReader::new(&mut store, ready(n)))
                        .collect::<Result<_, _>>()
                })?;
                same(
                    exports.gather_futures.call_concurrent(accessor, (numbers,)).await?.0,
                    sum,
                )
            }
            Operation::Read(at_a_time) => {
                let bytes = accessor.with(|store| StreamReader::new(store, Bytes(LENGTH)))?;
                let (length,) = exports
                    .read
                    .call_concurrent(accessor, (bytes, at_a_time as u32))
                    .await?;
                same(length, LENGTH as u64)
            }
            Operation::Sum => {
                let numbers = accessor.with(|store| StreamReader::new(store, Numbers(0, ITEMS)))?;
                let (total,) = exports.sum.call_concurrent(accessor, (numbers,)).await?;
                same(total, (0..u64::from(ITEMS)).sum())
            }
            Operation::Write(at_a_time, taken) => {
                let arguments = (LENGTH as u32, at_a_time as u32);
                let (bytes,) = exports.write.call_concurrent(accessor, arguments).await?;
                take(accessor, bytes, taken).await
            }
            Operation::Echo => {
                let bytes = accessor.with(|store| StreamReader::new(store, Bytes(LENGTH)))?;
                let (bytes,) = exports.echo.call_concurrent(accessor, (bytes,)).await?;
                take(accessor, bytes, usize::MAX).await
            }
        }
    }
}

/// How many numbers are summed up in a round.
const ITEMS: u32 = 1 << 20;

/// Takes all bytes of a stream.
async fn take(accessor: &Accessor<State>, bytes: StreamReader<u8>, at_a_time: usize) -> wasmtime::Result<()> {
    let (sender, done) = tokio::sync::oneshot::channel();
    let taker = Taker {
        at_a_time,
        taken: 0,
        done: Some(sender),
    };
    accessor.with(|store| bytes.pipe(store, taker))?;
    same(done.await? as u64, LENGTH as u64)
}

fn same(found: u64, expected: u64) -> wasmtime::Result<()> {
    match found == expected {
        true => Ok(()),
        false => Err(format_err!("the result is {found} instead of {expected}")),
    }
}
