//! Constants in a function of a side module: addresses that the layout has settled, and the sums that they are parts of.
//!
//! LLVM keeps `__memory_base` in a local variable and adds offsets to it. So what is followed here is which locals hold an address,
//! through blocks and branches: where control flow meets, what holds on each way holds on; at a loop's beginning, what the loop sets is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use walrus::ir::{
    BinaryOp, Binop, Block, Br, BrIf, BrOnCast, BrOnCastFail, BrOnNonNull, BrOnNull, BrTable, Const, Drop, GlobalGet,
    GlobalSet, IfElse, Instr, InstrLocId, InstrSeq, InstrSeqId, LocalGet, LocalId, LocalSet, LocalTee, Loop, TryTable,
    TryTableCatch, Value, Visitor, dfs_in_order,
};
use walrus::{GlobalId, LocalFunction};

/// Folds what is constant; gives how many instructions have become a part of a constant.
pub(crate) fn fold(function: &mut LocalFunction, constant: &impl Fn(GlobalId) -> Option<i32>) -> u64 {
    let mut uses = Uses { constant, any: false };
    dfs_in_order(&mut uses, function, function.entry_block());
    if !uses.any {
        return 0;
    }
    let mut assignments = Assignments::default();
    dfs_in_order(&mut assignments, function, function.entry_block());
    let mut folder = Folder {
        function,
        constant,
        assignments,
        position: 0,
        known: Some(Known::new()),
        labels: BTreeMap::new(),
        pending: Vec::new(),
        addresses: BTreeSet::new(),
        read: BTreeSet::new(),
        done: Vec::new(),
        folded: 0,
    };
    folder.run();
    folder.remove_unread();
    folder.folded
}

/// Finds out whether a function uses a constant global at all.
struct Uses<'c, C> {
    constant: &'c C,
    any: bool,
}

impl<C: Fn(GlobalId) -> Option<i32>> Visitor<'_> for Uses<'_, C> {
    fn visit_global_id(&mut self, global: &GlobalId) {
        self.any |= (self.constant)(*global).is_some();
    }
}

/// Where each local is set, and where each sequence ends: instructions are counted in the order in which they stand.
#[derive(Default)]
struct Assignments {
    position: u32,
    sets: BTreeMap<LocalId, Vec<u32>>,
    ends: BTreeMap<InstrSeqId, u32>,
}

impl Visitor<'_> for Assignments {
    fn visit_instr(&mut self, instruction: &Instr, _: &InstrLocId) {
        self.position += 1;
        if let Instr::LocalSet(LocalSet { local }) | Instr::LocalTee(LocalTee { local }) = instruction {
            self.sets.entry(*local).or_default().push(self.position);
        }
    }

    fn end_instr_seq(&mut self, sequence: &InstrSeq) {
        self.ends.insert(sequence.id(), self.position);
    }
}

impl Assignments {
    /// Whether a sequence that begins after an instruction sets a local.
    fn sets(&self, sequence: InstrSeqId, before: u32, local: LocalId) -> bool {
        let Some(sets) = self.sets.get(&local) else {
            return false;
        };
        let next = sets.partition_point(|set| *set <= before);
        sets.get(next).is_some_and(|set| *set <= self.ends[&sequence])
    }
}

/// The locals that hold an address, and that address.
type Known = BTreeMap<LocalId, i32>;

/// What is known at a place; none where no way leads.
type State = Option<Known>;

/// What is known where two ways meet.
fn join(one: State, other: State) -> State {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.retain(|local, value| other.get(local) == Some(value));
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

/// A constant that is not written yet, as the next instruction may add it.
#[derive(Clone, Copy)]
enum Pending {
    Number(i32),
    Address(i32),
    /// An address in a local.
    Local(LocalId, i32),
}

impl Pending {
    fn value(self) -> i32 {
        match self {
            Pending::Number(value) | Pending::Address(value) | Pending::Local(_, value) => value,
        }
    }

    fn is_address(self) -> bool {
        !matches!(self, Pending::Number(_))
    }
}

/// What follows the end of a sequence.
enum Then {
    End,
    Block,
    Loop,
    Alternative(InstrSeqId, State),
    AfterIf(State),
}

/// A sequence that is being worked on. Frames are on a stack of their own, as sequences may be nested ever so deep.
struct Frame {
    sequence: InstrSeqId,
    input: std::vec::IntoIter<(Instr, InstrLocId)>,
    output: Vec<(Instr, InstrLocId)>,
    then: Then,
}

struct Folder<'f, C> {
    function: &'f mut LocalFunction,
    constant: &'f C,
    assignments: Assignments,
    position: u32,
    known: State,
    /// What is known on the branches to a sequence's label.
    labels: BTreeMap<InstrSeqId, State>,
    pending: Vec<Pending>,
    /// The locals that have held an address, and all that are read.
    addresses: BTreeSet<LocalId>,
    read: BTreeSet<LocalId>,
    done: Vec<InstrSeqId>,
    folded: u64,
}

impl<C: Fn(GlobalId) -> Option<i32>> Folder<'_, C> {
    fn run(&mut self) {
        let entry = self.function.entry_block();
        let mut frames = vec![self.enter(entry, Then::End)];
        while let Some(frame) = frames.last_mut() {
            let entered = match frame.input.next() {
                Some((instruction, place)) => {
                    self.position += 1;
                    self.instruction(instruction, place, &mut frame.output)
                }
                None => {
                    let frame = frames.pop().expect("it is the last");
                    self.leave(frame)
                }
            };
            frames.extend(entered);
        }
    }

    fn enter(&mut self, sequence: InstrSeqId, then: Then) -> Frame {
        let instructions = std::mem::take(&mut self.function.block_mut(sequence).instrs);
        Frame {
            sequence,
            output: Vec::with_capacity(instructions.len()),
            input: instructions.into_iter(),
            then,
        }
    }

    /// Ends a sequence; gives the one that is entered by that.
    fn leave(&mut self, mut frame: Frame) -> Option<Frame> {
        self.flush(&mut frame.output);
        self.function.block_mut(frame.sequence).instrs = frame.output;
        self.done.push(frame.sequence);
        let branches = self.labels.remove(&frame.sequence).flatten();
        let end = self.known.take();
        match frame.then {
            Then::End => None,
            // Branches to a loop's label lead to its beginning.
            Then::Loop => {
                self.known = end;
                None
            }
            Then::Block => {
                self.known = join(end, branches);
                None
            }
            Then::Alternative(alternative, beginning) => {
                self.known = beginning;
                Some(self.enter(alternative, Then::AfterIf(join(end, branches))))
            }
            Then::AfterIf(consequent) => {
                self.known = join(join(end, branches), consequent);
                None
            }
        }
    }

    /// Writes an instruction, or holds it back; gives the sequence that it enters.
    fn instruction(
        &mut self,
        instruction: Instr,
        place: InstrLocId,
        output: &mut Vec<(Instr, InstrLocId)>,
    ) -> Option<Frame> {
        match &instruction {
            Instr::Const(Const {
                value: Value::I32(value),
            }) => self.pending.push(Pending::Number(*value)),
            Instr::GlobalGet(GlobalGet { global }) if let Some(value) = (self.constant)(*global) => {
                self.folded += 1;
                self.pending.push(Pending::Address(value));
            }
            Instr::LocalGet(LocalGet { local }) if let Some(value) = self.address(*local) => {
                self.pending.push(Pending::Local(*local, value));
            }
            Instr::Binop(Binop { op: BinaryOp::I32Add }) if self.pending.len() > 1 => self.add(),
            // What sets a global to its constant value is left without effect.
            Instr::GlobalSet(GlobalSet { global }) if (self.constant)(*global).is_some() => self.discard(output),
            Instr::Drop(_) if !self.pending.is_empty() => self.discard(output),
            Instr::LocalSet(LocalSet { local }) => self.assign(*local, false, output),
            Instr::LocalTee(LocalTee { local }) => self.assign(*local, true, output),
            _ => {
                self.flush(output);
                let entered = self.control(&instruction);
                if let Instr::LocalGet(LocalGet { local }) = instruction {
                    self.read.insert(local);
                }
                output.push((instruction, place));
                return entered;
            }
        }
        None
    }

    fn address(&self, local: LocalId) -> Option<i32> {
        self.known.as_ref()?.get(&local).copied()
    }

    fn add(&mut self) {
        let (Some(right), Some(left)) = (self.pending.pop(), self.pending.pop()) else {
            return;
        };
        let locals = [left, right]
            .iter()
            .filter(|part| matches!(part, Pending::Local(..)))
            .count();
        self.folded += 1 + locals as u64;
        let sum = left.value().wrapping_add(right.value());
        let is_address = left.is_address() || right.is_address();
        self.pending.push(if is_address {
            Pending::Address(sum)
        } else {
            Pending::Number(sum)
        });
    }

    fn discard(&mut self, output: &mut Vec<(Instr, InstrLocId)>) {
        match self.pending.pop() {
            Some(_) => self.folded += 1,
            None => output.push((Instr::Drop(Drop {}), InstrLocId::default())),
        }
    }

    fn assign(&mut self, local: LocalId, is_tee: bool, output: &mut Vec<(Instr, InstrLocId)>) {
        let address = self
            .pending
            .last()
            .filter(|top| top.is_address())
            .map(|top| top.value());
        self.flush(output);
        if let Some(known) = &mut self.known {
            match address {
                Some(value) => known.insert(local, value),
                None => known.remove(&local),
            };
        }
        let set = match address {
            Some(value) => {
                self.addresses.insert(local);
                if is_tee {
                    self.pending.push(Pending::Local(local, value));
                }
                LocalSet { local }.into()
            }
            None if is_tee => LocalTee { local }.into(),
            None => LocalSet { local }.into(),
        };
        output.push((set, InstrLocId::default()));
    }

    /// Writes the constants that were held back.
    fn flush(&mut self, output: &mut Vec<(Instr, InstrLocId)>) {
        for pending in self.pending.drain(..) {
            let instruction = match pending {
                Pending::Number(value) | Pending::Address(value) => Const {
                    value: Value::I32(value),
                }
                .into(),
                Pending::Local(local, _) => {
                    self.read.insert(local);
                    let set_just_now = output
                        .pop_if(|(last, _)| matches!(last, Instr::LocalSet(LocalSet { local: set }) if *set == local));
                    match set_just_now {
                        Some(_) => LocalTee { local }.into(),
                        None => LocalGet { local }.into(),
                    }
                }
            };
            output.push((instruction, InstrLocId::default()));
        }
    }

    /// Follows control: what is known is handed to the labels of branches, and into the sequence that is entered.
    fn control(&mut self, instruction: &Instr) -> Option<Frame> {
        match instruction {
            Instr::Block(Block { seq }) => return Some(self.enter(*seq, Then::Block)),
            Instr::Loop(Loop { seq }) => {
                self.known = self.unchanged_in(*seq);
                return Some(self.enter(*seq, Then::Loop));
            }
            Instr::IfElse(IfElse {
                consequent,
                alternative,
            }) => {
                let then = Then::Alternative(*alternative, self.known.clone());
                return Some(self.enter(*consequent, then));
            }
            Instr::TryTable(TryTable { seq, catches }) => {
                let thrown = self.unchanged_in(*seq);
                catches.iter().for_each(|catch| self.branch(label(catch), &thrown));
                return Some(self.enter(*seq, Then::Block));
            }
            Instr::Br(Br { block })
            | Instr::BrIf(BrIf { block })
            | Instr::BrOnNull(BrOnNull { block })
            | Instr::BrOnNonNull(BrOnNonNull { block })
            | Instr::BrOnCast(BrOnCast { block, .. })
            | Instr::BrOnCastFail(BrOnCastFail { block, .. }) => {
                let known = self.known.clone();
                self.branch(*block, &known);
            }
            Instr::BrTable(BrTable { blocks, default }) => {
                let known = self.known.clone();
                let targets: BTreeSet<InstrSeqId> = blocks.iter().copied().chain([*default]).collect();
                targets.into_iter().for_each(|target| self.branch(target, &known));
            }
            _ => {}
        }
        if ends(instruction) {
            self.known = None;
        }
        None
    }

    fn branch(&mut self, label: InstrSeqId, known: &State) {
        let at_label = self.labels.remove(&label).flatten();
        self.labels.insert(label, join(at_label, known.clone()));
    }

    /// What is known and not changed by a sequence that is about to be entered.
    fn unchanged_in(&self, sequence: InstrSeqId) -> State {
        let mut known = self.known.clone()?;
        known.retain(|local, _| !self.assignments.sets(sequence, self.position, *local));
        Some(known)
    }

    /// Removes what sets a local that nothing reads any more.
    fn remove_unread(&mut self) {
        let unread: BTreeSet<LocalId> = self.addresses.difference(&self.read).copied().collect();
        if unread.is_empty() {
            return;
        }
        for sequence in std::mem::take(&mut self.done) {
            let instructions = &mut self.function.block_mut(sequence).instrs;
            let mut kept: Vec<(Instr, InstrLocId)> = Vec::with_capacity(instructions.len());
            for (instruction, place) in instructions.drain(..) {
                match instruction {
                    Instr::LocalTee(LocalTee { local }) if unread.contains(&local) => {}
                    Instr::LocalSet(LocalSet { local }) if unread.contains(&local) => {
                        let constant = kept.pop_if(|(last, _)| matches!(last, Instr::Const(_)));
                        if constant.is_none() {
                            kept.push((Instr::Drop(Drop {}), place));
                        }
                    }
                    instruction => kept.push((instruction, place)),
                }
            }
            *instructions = kept;
        }
    }
}

fn label(catch: &TryTableCatch) -> InstrSeqId {
    match catch {
        TryTableCatch::Catch { label, .. }
        | TryTableCatch::CatchRef { label, .. }
        | TryTableCatch::CatchAll { label }
        | TryTableCatch::CatchAllRef { label } => *label,
    }
}

/// Whether nothing comes after an instruction in its sequence.
fn ends(instruction: &Instr) -> bool {
    matches!(
        instruction,
        Instr::Br(_)
            | Instr::BrTable(_)
            | Instr::Return(_)
            | Instr::ReturnCall(_)
            | Instr::ReturnCallIndirect(_)
            | Instr::ReturnCallRef(_)
            | Instr::Throw(_)
            | Instr::ThrowRef(_)
            | Instr::Unreachable(_)
    )
}
