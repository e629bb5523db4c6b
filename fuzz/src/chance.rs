//! Chance that both ends know beforehand.

use std::task::Context;

/// As often as something pauses.
const PAUSES: usize = 4;

/// Numbers that look random, the same for the same seed (splitmix64).
pub struct Chance(u64);

impl Chance {
    /// Those of a seed.
    pub fn new(seed: u32) -> Chance {
        Chance(seed.into())
    }

    /// A number below a limit.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }
}

/// Something that pauses now and then: it is asked again so often.
pub struct Pace {
    /// What else is left to chance.
    pub chance: Chance,
    pauses: usize,
}

impl Pace {
    /// That of a seed.
    pub fn new(seed: u32) -> Pace {
        let mut chance = Chance::new(seed);
        let pauses = chance.below(PAUSES);
        Pace { chance, pauses }
    }

    /// Whether it goes on; if not, it is to be asked again.
    pub fn goes_on(&mut self, context: &mut Context) -> bool {
        if self.pauses == 0 {
            self.pauses = self.chance.below(PAUSES);
            return true;
        }
        self.pauses -= 1;
        context.waker().wake_by_ref();
        false
    }
}
