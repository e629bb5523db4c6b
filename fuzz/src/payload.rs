//! What streams and futures carry, by its size.

use crate::item::Item;
use wasmtime::component::{Lift, Lower, Val};

/// An item.
pub trait Payload: Lift + Lower + Send + Sync + Unpin + 'static {
    /// One with this value.
    fn new(value: Val) -> Self;
    /// Its value.
    fn value(self) -> Val;
}

/// Of streams and futures that carry nothing.
impl Payload for () {
    fn new(_: Val) -> Self {}

    fn value(self) -> Val {
        Val::Tuple(Vec::new())
    }
}

/// What is to be done with any type of items.
pub trait Work {
    /// What it gives.
    type Outcome;
    /// Does it.
    fn with<P: Payload>(self) -> Self::Outcome;
}

macro_rules! sizes {
    ($($size:literal)*) => {
        /// The sizes that items may have in memory.
        pub const SIZES: &[usize] = &[$($size),*];

        /// Does something with the type of the items that have a size.
        pub fn with_items<W: Work>(size: usize, work: W) -> W::Outcome {
            match size {
                0 => work.with::<()>(),
                $($size => work.with::<Item<$size>>(),)*
                _ => unreachable!("packages have items of known sizes"),
            }
        }
    };
}

sizes!(1 2 3 4 6 8 12 16 20 24 32 40);
