//! Random values.

use crate::held::Held;
use crate::kind::{Channel, Kind, Side};
use arbitrary::Unstructured;

/// A value; its kind says how it is to be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Integer(i128),
    /// An `f32`, by its bits.
    F32(u32),
    /// An `f64`, by its bits.
    F64(u64),
    /// A character.
    Char(char),
    /// A text.
    String(String),
    /// The items of a list or a tuple, the fields of a record.
    Items(Vec<Value>),
    /// The number of a case and its payload: of variants and enumerations, 1 of an option for what is there, 1 of a result for an error.
    Case(usize, Option<Box<Value>>),
    /// Which flags are set.
    Flags(Vec<bool>),
    /// The number of a thing.
    Handle(u32),
    /// What goes through a stream or a future.
    Flow(Flow),
    /// What an untyped stream or future carries.
    Nothing,
}

/// What goes through a stream or a future.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The items; a future's is one.
    pub items: Vec<Value>,
    /// How many of them the reader takes before it is dropped; all of them if it goes on to the end.
    pub taken: usize,
    /// Whether the app's writer goes while it writes: of a stream before all is written, of a future before its value, so that this comes as
    /// the default.
    pub abandoned: bool,
    /// What the pauses, the pieces and the cancellations at both ends are made of.
    pub seed: u32,
}

/// Texts that have gone wrong somewhere, in some language.
const TEXTS: [&str; 8] = [
    "",
    "a",
    "two words",
    "\0",
    "é",
    "\u{10ffff}\u{1f600}",
    "'\"\\{}\n\r\t",
    "日本語",
];

/// Characters at the borders of what UTF-8 and the surrogates leave.
const CHARACTERS: [char; 8] = [
    '\0',
    'a',
    '\u{7f}',
    '\u{80}',
    '\u{d7ff}',
    '\u{e000}',
    '\u{ffff}',
    '\u{10ffff}',
];

/// Makes values for one side to give.
pub struct Giver<'a, 'b> {
    /// Who gives.
    pub side: Side,
    /// Where chance comes from. Where it ends all values are the least.
    pub random: &'a mut Unstructured<'b>,
    /// Who has which things.
    pub held: &'a mut Held,
}

impl Giver<'_, '_> {
    /// A value of a kind; none where a thing is asked for and the giver has none.
    pub fn give(&mut self, kind: &Kind) -> Option<Value> {
        self.value(kind, 0)
    }

    fn value(&mut self, kind: &Kind, depth: u32) -> Option<Value> {
        Some(match kind {
            Kind::Bool => Value::Bool(self.below(2) == 1),
            Kind::Integer { bits, signed } => Value::Integer(self.integer(*bits, *signed)),
            Kind::F32 => Value::F32(self.f32()),
            Kind::F64 => Value::F64(self.f64()),
            Kind::Char => Value::Char(CHARACTERS[self.below(CHARACTERS.len())]),
            Kind::String => Value::String(self.text()),
            Kind::List(item) => {
                let length = self.below(if depth < 3 { 5 } else { 2 });
                self.items((0..length).map(|_| &**item), depth)?
            }
            Kind::Fixed(item, length) => self.items((0..*length).map(|_| &**item), depth)?,
            Kind::Tuple(items) => self.items(items, depth)?,
            Kind::Record(_, fields) => self.items(fields.iter().map(|(_, kind)| kind), depth)?,
            Kind::Variant(cases) => {
                let case = self.below(cases.len());
                self.case(case, cases[case].payload.as_ref(), depth)?
            }
            Kind::Enum(_, members) => Value::Case(self.below(members.len()), None),
            Kind::Flags(_, members) => Value::Flags(members.iter().map(|_| self.below(2) == 1).collect()),
            Kind::Option(payload) => match self.below(3) {
                0 => Value::Case(0, None),
                _ => self.case(1, Some(payload), depth)?,
            },
            Kind::Result(ok, error) => match self.below(2) {
                0 => self.case(0, ok.as_deref(), depth)?,
                _ => self.case(1, error.as_deref(), depth)?,
            },
            Kind::Handle(resource, holding) => {
                Value::Handle(self.held.give(self.side, resource, *holding, self.random)?)
            }
            Kind::Channel(channel) => Value::Flow(self.flow(channel, depth)?),
            Kind::Nothing => Value::Nothing,
        })
    }

    fn items<'k>(&mut self, kinds: impl IntoIterator<Item = &'k Kind>, depth: u32) -> Option<Value> {
        let items = kinds.into_iter().map(|kind| self.value(kind, depth + 1));
        items.collect::<Option<_>>().map(Value::Items)
    }

    fn flow(&mut self, channel: &Channel, depth: u32) -> Option<Flow> {
        let count = match (channel.is_stream, depth) {
            (false, _) => 1,
            (true, 0..3) if channel.payload.is_byte() => self.below(200),
            (true, 0..3) => self.below(12),
            (true, _) => self.below(2),
        };
        let items = (0..count).map(|_| self.value(&channel.payload, depth + 1));
        let items = items.collect::<Option<_>>()?;
        // What is not taken would have to go back to its owner.
        let is_free = !channel.payload.has_handles();
        let taken = if is_free && self.below(5) == 0 {
            self.below(count + 1)
        } else {
            count
        };
        Some(Flow {
            items,
            taken,
            abandoned: is_free && self.below(5) == 0,
            seed: self.bits() as u32,
        })
    }

    fn case(&mut self, case: usize, payload: Option<&Kind>, depth: u32) -> Option<Value> {
        let payload = match payload {
            Some(kind) => Some(Box::new(self.value(kind, depth + 1)?)),
            None => None,
        };
        Some(Value::Case(case, payload))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.random.int_in_range(0..=limit - 1).unwrap_or(0)
    }

    fn bits(&mut self) -> u64 {
        self.random.arbitrary().unwrap_or(0)
    }

    /// Often one at a border.
    fn integer(&mut self, bits: u32, signed: bool) -> i128 {
        let (least, most) = if signed {
            (-(1 << (bits - 1)), (1 << (bits - 1)) - 1)
        } else {
            (0, (1_i128 << bits) - 1)
        };
        match self.below(6) {
            0 => least,
            1 => most,
            2 => i128::from(self.bits() % 100),
            3 => 1 << self.below(bits as usize - 1),
            _ => least + i128::from(self.bits()) % (most - least + 1),
        }
    }

    fn f32(&mut self) -> u32 {
        let special = [
            0.0,
            -0.0,
            1.5,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            f32::MAX,
            f32::MIN_POSITIVE,
        ];
        let chosen = self.below(special.len() + 4);
        special
            .get(chosen)
            .map_or_else(|| self.bits() as u32, |value| value.to_bits())
    }

    fn f64(&mut self) -> u64 {
        let special = [
            0.0,
            -0.0,
            1.5,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            f64::MAX,
            f64::MIN_POSITIVE,
        ];
        let chosen = self.below(special.len() + 4);
        special.get(chosen).map_or_else(|| self.bits(), |value| value.to_bits())
    }

    fn text(&mut self) -> String {
        let parts = self.below(4);
        (0..parts).map(|_| TEXTS[self.below(TEXTS.len())]).collect()
    }
}
