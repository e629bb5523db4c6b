//! Streams and futures that somebody cancels, drops or is slow with, in `tests/apps/streaming`.

use super::host::{Answer, App, Instance, Pause, Reading, State, collect, later, nothing_yet, pause, receive};
use futures::future::join;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use wasmtime::component::{
    Destination, FutureReader, Lift, Linker, Lower, Source, StreamConsumer, StreamProducer, StreamReader, StreamResult,
    Val, VecBuffer,
};
use wasmtime::{Engine, StoreContextMut};

/// Functions in `app.py`, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("cancelled_reads_of_bytes", "(200000, True, True)"),
    ("cancelled_reads_of_numbers", "(20000, True)"),
    ("cancelled_reads_of_futures", "{True}"),
    ("cancelled_reads_inside", "True"),
    (
        "writes_that_wait_for_a_reader_to_leave",
        "(3, 2, ['a', 'b', 'c', 'd', 'e'])",
    ),
    ("a_write_that_is_cancelled", "'second'"),
    (
        "two_reads_at_once",
        "(['a read is under way: await it before the next one', 'a read is under way: await it before the next one'], \
         'late', [])",
    ),
    ("a_reader_that_is_dropped_in_a_read", "'the app goes on'"),
    ("futures_whose_readers_are_dropped", "(False, False)"),
    ("futures_without_a_value", "(['collected', 'closed'], 'inside')"),
    (
        "items_of_any_kind",
        "(127, ['BufferError', 'TypeError', 'OverflowError', 'OverflowError', 'TypeError', 'TypeError', 'TypeError'])",
    ),
    ("buffers_of_other_items", "(4000, 4000, 7, True)"),
    ("empty_writes", "([0, 2, 0, 1, 0], 3, ['a', 'b', 'c'])"),
    ("items_that_were_iterated_over", "'ValueError'"),
    ("a_long_write_inside", "50000"),
    ("iterators", "(6, 'abcdef')"),
    (
        "wrong_items_inside",
        "['ValueError', 'TypeError', 'TypeError', 'TypeError', \
         'byte_stream.write(): the items must be a list or another sequence, not int']",
    ),
    ("two_writes_at_once_inside", "('RuntimeError', 3)"),
    ("readers_that_are_closed_in_a_read", "([], b'')"),
    ("a_write_of_much", "(True, True)"),
    ("many_streams", "'done'"),
];

/// Numbers that look random, and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // A generator of Lehmer's: each number is the last one times this.
        self.0 = self.0.wrapping_mul(0xda94_2042_e4dd_58b5);
        (self.0 >> 33) % end
    }

    /// One time in four a pause.
    fn pause(&mut self) -> Pause {
        pause((self.below(4) == 0).then_some(Duration::from_millis(1)))
    }
}

/// Gives the items for all places below a length, in pieces of any size, some after a pause.
struct Pieces<T> {
    item: fn(u64) -> T,
    given: u64,
    length: u64,
    longest: u64,
    random: Random,
    pause: Pause,
}

impl<T> Pieces<T> {
    fn new(length: u64, longest: u64, item: fn(u64) -> T) -> Pieces<T> {
        let (random, pause) = (Random(7), pause(None));
        Pieces {
            item,
            given: 0,
            length,
            longest,
            random,
            pause,
        }
    }
}

impl<T: Lift + Lower + Send + Sync + Unpin + 'static> StreamProducer<State> for Pieces<T> {
    type Item = T;
    type Buffer = VecBuffer<T>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        _: StoreContextMut<'a, State>,
        mut destination: Destination<'a, T, VecBuffer<T>>,
        is_cancelled: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let this = self.get_mut();
        if this.pause.as_mut().poll(context).is_pending() {
            return nothing_yet(is_cancelled);
        }
        this.pause = this.random.pause();
        let end = this.length.min(this.given + 1 + this.random.below(this.longest));
        let items: Vec<T> = (this.given..end).map(this.item).collect();
        this.given = end;
        destination.set_buffer(items.into());
        Poll::Ready(Ok(match end == this.length {
            true => StreamResult::Dropped,
            false => StreamResult::Completed,
        }))
    }
}

fn byte(place: u64) -> u8 {
    (place % 251) as u8
}

/// Takes bytes in pieces of any size, some after a pause; gives how many there were that were right.
struct Check {
    right: u64,
    random: Random,
    pause: Pause,
    done: Option<tokio::sync::oneshot::Sender<u64>>,
}

impl Drop for Check {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            let _ = done.send(self.right);
        }
    }
}

impl StreamConsumer<State> for Check {
    type Item = u8;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<State>,
        mut source: Source<'_, u8>,
        _: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let this = self.get_mut();
        ready!(this.pause.as_mut().poll(context));
        this.pause = this.random.pause();
        let mut bytes = Vec::with_capacity(1 + this.random.below(100_000) as usize);
        source.read(store, &mut bytes)?;
        let first = this.right;
        let right = (first..)
            .zip(&bytes)
            .take_while(|(place, found)| byte(*place) == **found);
        this.right += right.count() as u64;
        Poll::Ready(Ok(StreamResult::Completed))
    }
}

fn check_bytes(
    store: impl wasmtime::AsContextMut<Data = State>,
    bytes: StreamReader<u8>,
) -> wasmtime::Result<tokio::sync::oneshot::Receiver<u64>> {
    let (sender, done) = tokio::sync::oneshot::channel();
    let check = Check {
        right: 0,
        random: Random(9),
        pause: pause(None),
        done: Some(sender),
    };
    bytes.pipe(store, check)?;
    Ok(done)
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut host = linker.instance("test:streaming/host")?;
    host.func_wrap("bytes", |store, (length,): (u64,)| {
        Ok((StreamReader::new(store, Pieces::new(length, 500, byte))?,))
    })?;
    host.func_wrap("numbers", |store, (count,): (u32,)| {
        let numbers = Pieces::new(count.into(), 50, |place| place as u32);
        Ok((StreamReader::new(store, numbers)?,))
    })?;
    host.func_wrap("later", |store, (milliseconds, text): (u32, String)| {
        Ok((later(store, Some(Duration::from_millis(milliseconds.into())), text)?,))
    })?;
    host.func_wrap_concurrent(
        "texts",
        |accessor, (items,): (StreamReader<String>,)| -> Answer<Vec<String>> {
            Box::pin(async move { Ok((collect(accessor, items, Reading::at_a_time(1)).await?,)) })
        },
    )?;
    host.func_wrap_concurrent("count", |accessor, (bytes,): (StreamReader<u8>,)| -> Answer<u64> {
        Box::pin(async move { Ok((collect(accessor, bytes, Reading::at_a_time(50)).await?.len() as u64,)) })
    })?;
    host.func_wrap_concurrent("sum", |accessor, (numbers,): (StreamReader<u32>,)| -> Answer<u64> {
        Box::pin(async move {
            let numbers = collect(accessor, numbers, Reading::at_a_time(50)).await?;
            Ok((numbers.into_iter().map(u64::from).sum(),))
        })
    })?;
    host.func_wrap_concurrent("get", |accessor, (text,): (FutureReader<String>,)| -> Answer<String> {
        Box::pin(async move { Ok((receive(accessor, text, None).await?,)) })
    })?;
    host.func_wrap("forget", |store, (mut text,): (FutureReader<String>,)| {
        text.close(store)
    })?;
    Ok(linker)
}

pub fn start() -> Instance {
    static APP: OnceLock<App> = OnceLock::new();
    let app = APP.get_or_init(|| App::build("streaming"));
    app.start_in(&linker(app.component.engine()).expect("each function is there once"))
}

#[test]
fn nothing_is_lost() {
    super::check(CHECKS, start);
}

/// What a synchronous export leaves undone is done when the next asynchronous one runs.
#[test]
fn a_future_that_is_left_without_a_value() {
    let mut instance = start();
    let left = instance.typed::<(), (FutureReader<String>,)>("left");
    let check = instance.typed::<(String,), (String,)>("check");
    let text = instance.run(async |accessor| {
        let (future,) = left.call_concurrent(accessor, ()).await?;
        let next = check.call_concurrent(accessor, ("nothing".to_string(),));
        let (text, said) = join(receive(accessor, future, None), next).await;
        assert_eq!(said?.0, "None");
        text
    });
    assert_eq!(text.unwrap(), "default");
}

#[test]
fn reads_make_room_for_what_there_is() {
    let mut instance = start();
    instance.call("check", &[Val::String("nothing".to_string())]).unwrap();
    let settled = instance.memory();
    let name = "reads_of_more_than_there_is".to_string();
    let read = instance.call("check", &[Val::String(name)]).unwrap();
    assert_eq!(read, Val::String("(100000, 10000)".to_string()));
    let grown = instance.memory() - settled;
    assert!(grown < 4 << 20, "it has grown by {grown} bytes");
}

/// Sends so many bytes through `echo`; gives how many of them came back as they should.
pub fn echo(instance: &mut Instance, length: u64) -> u64 {
    let echo = instance.typed::<(StreamReader<u8>,), (StreamReader<u8>,)>("echo");
    let right = instance.run(async |accessor| {
        let bytes = Pieces::new(length, 100_000, byte);
        let bytes = accessor.with(|store| StreamReader::new(store, bytes))?;
        let (back,) = echo.call_concurrent(accessor, (bytes,)).await?;
        let right = accessor.with(|store| check_bytes(store, back))?;
        right
            .await
            .map_err(|_| wasmtime::Error::msg("it is not read to its end"))
    });
    right.unwrap()
}

/// Both ends have any sizes and pauses; the memory of the app stays as it is after the first of 64 mebibytes.
#[test]
fn echo_in_pieces_of_any_size() {
    const MEBIBYTE: u64 = 1 << 20;
    let mut instance = start();
    assert_eq!(echo(&mut instance, MEBIBYTE), MEBIBYTE);
    let settled = instance.memory();
    assert_eq!(echo(&mut instance, 63 * MEBIBYTE), 63 * MEBIBYTE);
    let grown = instance.memory() - settled;
    assert!(grown < MEBIBYTE as usize, "it has grown by {grown} bytes");
}
