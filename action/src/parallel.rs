//! Work over several threads whose result does not depend on which of them was faster.

use rayon::iter::{ParallelBridge, ParallelIterator};
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Applies `work` to all items and gives the results in the order of the items, or the error of the first item that has one.
///
/// `jobs` items are worked on at the same time, or one for each core. `done` is told how many are done, and of how many.
///
/// # Panics
/// When the threads cannot be started.
pub fn map<T: Sync, R: Send, E: Send>(
    jobs: Option<NonZero<usize>>,
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
    done: impl Fn(u64, u64) + Sync,
) -> Result<Vec<R>, E> {
    let failed = AtomicBool::new(false);
    let (finished, total) = (AtomicU64::new(0), items.len() as u64);
    let perform = |(index, item)| {
        let result = work(item);
        failed.fetch_or(result.is_err(), Ordering::Relaxed);
        done(finished.fetch_add(1, Ordering::Relaxed) + 1, total);
        (index, result)
    };
    // Handed out in order, and none after a failed one: those before it are always finished, so the error is the same each time.
    let items = items.iter().enumerate();
    let handed_out = items.take_while(|_| !failed.load(Ordering::Relaxed)).par_bridge();
    let mut results: Vec<_> = pool(jobs).install(|| handed_out.map(perform).collect());
    results.sort_unstable_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Threads of its own: those that Wasmtime compiles with must not wait for a compiler or a network.
fn pool(jobs: Option<NonZero<usize>>) -> rayon::ThreadPool {
    let threads = jobs.map_or(0, NonZero::get);
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..100).collect();
        let doubled = map(NonZero::new(4), &items, |item| Ok::<_, ()>(item * 2), |_, _| ()).unwrap();
        assert_eq!(doubled, items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn the_first_error_in_order_is_given() {
        let items: Vec<u64> = (0..100).collect();
        for _ in 0..50 {
            let result = map(
                NonZero::new(4),
                &items,
                |item| if *item >= 10 { Err(*item) } else { Ok(()) },
                |_, _| (),
            );
            assert_eq!(result, Err(10));
        }
    }

    #[test]
    fn all_items_are_counted() {
        let last = AtomicU64::new(0);
        let largest = |done, total| {
            assert_eq!(total, 20);
            last.fetch_max(done, Ordering::Relaxed);
        };
        map(None, &[(); 20], |()| Ok::<_, ()>(()), largest).unwrap();
        assert_eq!(last.into_inner(), 20);
    }
}
