//! Which parts of a memory become data segments.

use std::ops::Range;

/// The memory is looked at in blocks of this size.
const BLOCK: usize = 8;

/// Zeros between two segments are worth a segment of their own from this length on.
const WORTHWHILE_GAP: usize = 32;

/// No host takes a module with more segments: the limit that WebAssembly's interface for JavaScript sets, and wasmparser.
const MOST_SEGMENTS: usize = 100_000;

/// The ranges of a memory that hold all that is not zero, in order of their addresses; no more than a module may have.
///
/// More than half of the span from the first to the last of them is within them: hosts then map the whole span
/// copy-on-write instead of copying segment by segment. The smallest gaps are filled to reach that.
pub fn dense_segments(memory: &[u8]) -> Vec<Range<usize>> {
    let mut runs = occupied(memory);
    let Some((first, last)) = runs.first().zip(runs.last()) else {
        return runs;
    };
    let span = last.end - first.start;
    let payload: usize = runs.iter().map(Range::len).sum();
    let limit = largest_gap_to_fill(&runs, payload, span);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(runs.len());
    for run in runs.drain(..) {
        match merged.last_mut() {
            Some(previous) if run.start - previous.end <= limit => previous.end = run.end,
            _ => merged.push(run),
        }
    }
    merged
}

/// The length up to which gaps must be filled so that more than half of the span is payload, in few enough segments.
fn largest_gap_to_fill(runs: &[Range<usize>], mut payload: usize, span: usize) -> usize {
    let mut gaps: Vec<usize> = runs.windows(2).map(|pair| pair[1].start - pair[0].end).collect();
    gaps.sort_unstable();
    let too_many = runs.len().saturating_sub(MOST_SEGMENTS);
    let mut limit = 0;
    for (filled, gap) in gaps.into_iter().enumerate() {
        // All gaps of one length are filled together, so that their order does not matter.
        if filled >= too_many && payload * 2 > span && gap > limit {
            break;
        }
        payload += gap;
        limit = gap;
    }
    limit
}

/// The runs that are not zero, with gaps of a worthwhile length between them.
fn occupied(memory: &[u8]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (index, block) in memory.chunks(BLOCK).enumerate() {
        if block.iter().fold(0, |all, byte| all | byte) == 0 {
            continue;
        }
        let start = index * BLOCK;
        let end = start + block.len();
        match runs.last_mut() {
            Some(run) if start - run.end < WORTHWHILE_GAP => run.end = end,
            _ => runs.push(start..end),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_is_needed_for_zeros() {
        assert!(dense_segments(&[0; 65_536]).is_empty());
        assert!(dense_segments(&[]).is_empty());
    }

    #[test]
    fn far_gaps_stay_open_while_the_rest_is_dense() {
        let mut memory = vec![0; 3000];
        memory[..1000].fill(1);
        memory[1100..2000].fill(1);
        memory[2800..2900].fill(1);
        assert_eq!(dense_segments(&memory), [0..1000, 1096..2000, 2800..2904]);
    }

    #[test]
    fn the_smallest_gaps_are_filled_first() {
        let mut memory = vec![0; 4096];
        memory[0] = 1;
        memory[512] = 1;
        memory[4000] = 1;
        memory[3000] = 1;
        assert_eq!(dense_segments(&memory).as_slice(), std::slice::from_ref(&(0..4008)));
        memory[1000..3000].fill(1);
        assert_eq!(dense_segments(&memory), [0..8, 512..520, 1000..3008, 4000..4008]);
    }

    #[test]
    fn there_are_no_more_segments_than_a_module_may_have() {
        // The gaps in the first part are the smallest.
        let (small, large) = (MOST_SEGMENTS / 2, MOST_SEGMENTS);
        let mut memory = vec![0; small * 64 + large * 96];
        for start in (0..small).map(|index| index * 64) {
            memory[start..start + 32].fill(1);
        }
        for start in (0..large).map(|index| small * 64 + index * 96) {
            memory[start..start + 56].fill(1);
        }
        let segments = dense_segments(&memory);
        assert_eq!(segments.len(), MOST_SEGMENTS);
        assert_eq!(segments[0], 0..small * 64 + 56);
        assert_eq!(segments[1].len(), 56);
    }

    fn sparse_memory() -> impl Strategy<Value = Vec<u8>> {
        let pieces = prop::collection::vec((0usize..20_000, 1usize..400, 0u8..3), 0..40);
        pieces.prop_map(|pieces| {
            let mut memory = vec![0; 20_480];
            for (start, length, value) in pieces {
                memory[start..start + length].fill(value);
            }
            memory
        })
    }

    proptest! {
        #[test]
        fn segments_rebuild_the_memory_and_are_dense(memory in sparse_memory()) {
            let segments = dense_segments(&memory);
            let mut rebuilt = vec![0; memory.len()];
            for segment in &segments {
                rebuilt[segment.clone()].copy_from_slice(&memory[segment.clone()]);
            }
            prop_assert_eq!(rebuilt, memory);
            prop_assert!(segments.windows(2).all(|pair| pair[0].end < pair[1].start));
            if let Some((first, last)) = segments.first().zip(segments.last()) {
                let payload: usize = segments.iter().map(Range::len).sum();
                prop_assert!(payload * 2 > last.end - first.start);
            }
        }
    }
}
