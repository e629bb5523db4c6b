//! Items of streams and futures of any type. Wasmtime has dynamic values for functions only: what streams and futures carry must be of a
//! type that Rust knows. Here that is one for each size in memory; the rest is done by the component's type, as Wasmtime itself does for
//! the values of functions.

use crate::payload::Payload;
use std::mem::MaybeUninit;
use wasmtime::component::__internal::wasmtime_environ::component::VariantInfo;
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext};
use wasmtime::component::{ComponentType, FutureAny, Lift, Lower, ResourceAny, StreamAny, Val};
use wasmtime::error::{Context, bail};
use wasmtime::{Result, ValRaw};

/// An item of a type that has so many bytes in memory.
pub struct Item<const SIZE: u32>(Val);

impl<const SIZE: u32> Payload for Item<SIZE> {
    fn new(value: Val) -> Self {
        Item(value)
    }

    fn value(self) -> Val {
        self.0
    }
}

// Safety: all accesses to memory are checked; items never are values on the stack.
unsafe impl<const SIZE: u32> ComponentType for Item<SIZE> {
    type Lower = [ValRaw; 0];
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo {
        size32: SIZE,
        align32: 1,
        ..CanonicalAbiInfo::ZERO
    };

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        let size = types.types.canonical_abi(ty).size32;
        if size != SIZE {
            bail!("an item has {size} bytes, not {SIZE}");
        }
        Ok(())
    }
}

// Safety: as above.
unsafe impl<const SIZE: u32> Lower for Item<SIZE> {
    fn linear_lower_to_flat<T>(
        &self,
        _: &mut LowerContext<'_, T>,
        _: InterfaceType,
        _: &mut MaybeUninit<Self::Lower>,
    ) -> Result<()> {
        bail!("an item is in memory")
    }

    fn linear_lower_to_memory<T>(&self, cx: &mut LowerContext<'_, T>, ty: InterfaceType, at: usize) -> Result<()> {
        store(cx, ty, &self.0, at)
    }
}

// Safety: as above.
unsafe impl<const SIZE: u32> Lift for Item<SIZE> {
    fn linear_lift_from_flat(_: &mut LiftContext<'_>, _: InterfaceType, _: &Self::Lower) -> Result<Self> {
        bail!("an item is in memory")
    }

    fn linear_lift_from_memory(cx: &mut LiftContext<'_>, ty: InterfaceType, bytes: &[u8]) -> Result<Self> {
        load(cx, ty, bytes).map(Item)
    }
}

fn store<T>(cx: &mut LowerContext<'_, T>, ty: InterfaceType, value: &Val, at: usize) -> Result<()> {
    let types = cx.types;
    match (ty, value) {
        (_, Val::Bool(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::S8(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::U8(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::S16(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::U16(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::S32(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::U32(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::S64(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::U64(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Float32(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Float64(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Char(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::String(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Resource(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Stream(value)) => value.linear_lower_to_memory(cx, ty, at),
        (_, Val::Future(value)) => value.linear_lower_to_memory(cx, ty, at),
        (InterfaceType::List(list), Val::List(values)) => {
            let item = types[list].element;
            let abi = types.canonical_abi(&item);
            let begin = cx.realloc(0, 0, abi.align32, abi.size32 as usize * values.len())?;
            store_all(cx, values.iter().map(|value| (item, value)), begin)?;
            store_bytes(cx, begin as u32, 4, at)?;
            store_bytes(cx, values.len() as u32, 4, at + 4)
        }
        (InterfaceType::FixedLengthList(list), Val::FixedLengthList(values)) => {
            let item = types[list].element;
            store_all(cx, values.iter().map(|value| (item, value)), at)
        }
        (InterfaceType::Tuple(tuple), Val::Tuple(values)) => {
            store_all(cx, types[tuple].types.iter().copied().zip(values), at)
        }
        (InterfaceType::Record(record), Val::Record(values)) => {
            let fields = types[record].fields.iter().map(|field| field.ty);
            store_all(cx, fields.zip(values.iter().map(|(_, value)| value)), at)
        }
        (InterfaceType::Variant(variant), Val::Variant(name, payload)) => {
            let variant = &types[variant];
            let (case, _, ty) = variant.cases.get_full(name).context("a case of the variant")?;
            store_case(cx, &variant.info, case, (*ty).zip(payload.as_deref()), at)
        }
        (InterfaceType::Enum(enumeration), Val::Enum(name)) => {
            let enumeration = &types[enumeration];
            let case = enumeration.names.get_index_of(name).context("a member")?;
            store_case(cx, &enumeration.info, case, None, at)
        }
        (InterfaceType::Option(option), Val::Option(payload)) => {
            let option = &types[option];
            let payload = payload.as_deref();
            let case = usize::from(payload.is_some());
            store_case(cx, &option.info, case, payload.map(|payload| (option.ty, payload)), at)
        }
        (InterfaceType::Result(result), Val::Result(value)) => {
            let result = &types[result];
            let (case, ty, payload) = match value {
                Ok(payload) => (0, result.ok, payload),
                Err(payload) => (1, result.err, payload),
            };
            store_case(cx, &result.info, case, ty.zip(payload.as_deref()), at)
        }
        (InterfaceType::Flags(flags), Val::Flags(set)) => {
            let names = types[flags].names.iter().enumerate();
            let bits = names.filter(|(_, name)| set.contains(name));
            let bits = bits.fold(0, |bits, (index, _)| bits | 1 << index);
            store_bytes(cx, bits, types.canonical_abi(&ty).size32 as usize, at)
        }
        _ => bail!("{value:?} is not of the type {ty:?}"),
    }
}

fn store_all<'v, T>(
    cx: &mut LowerContext<'_, T>,
    values: impl Iterator<Item = (InterfaceType, &'v Val)>,
    mut at: usize,
) -> Result<()> {
    for (ty, value) in values {
        let place = cx.types.canonical_abi(&ty).next_field32_size(&mut at);
        store(cx, ty, value, place)?;
    }
    Ok(())
}

fn store_case<T>(
    cx: &mut LowerContext<'_, T>,
    info: &VariantInfo,
    case: usize,
    payload: Option<(InterfaceType, &Val)>,
    at: usize,
) -> Result<()> {
    store_bytes(cx, case as u32, size(info), at)?;
    match payload {
        Some((ty, value)) => store(cx, ty, value, at + info.payload_offset32 as usize),
        None => Ok(()),
    }
}

fn store_bytes<T>(cx: &mut LowerContext<'_, T>, number: u32, size: usize, at: usize) -> Result<()> {
    let place = cx.as_slice_mut().get_mut(at..at + size);
    place
        .context("it is in memory")?
        .copy_from_slice(&number.to_le_bytes()[..size]);
    Ok(())
}

/// How many bytes the number of a case has.
fn size(info: &VariantInfo) -> usize {
    info.size.into()
}

fn load(cx: &mut LiftContext<'_>, ty: InterfaceType, bytes: &[u8]) -> Result<Val> {
    let types = cx.types.clone();
    Ok(match ty {
        InterfaceType::Bool => Val::Bool(bool::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::S8 => Val::S8(i8::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::U8 => Val::U8(u8::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::S16 => Val::S16(i16::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::U16 => Val::U16(u16::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::S32 => Val::S32(i32::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::U32 => Val::U32(u32::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::S64 => Val::S64(i64::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::U64 => Val::U64(u64::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Float32 => Val::Float32(f32::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Float64 => Val::Float64(f64::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Char => Val::Char(char::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::String => Val::String(String::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Own(_) => Val::Resource(ResourceAny::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Stream(_) => Val::Stream(StreamAny::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::Future(_) => Val::Future(FutureAny::linear_lift_from_memory(cx, ty, bytes)?),
        InterfaceType::List(list) => {
            let item = types[list].element;
            let size = types.canonical_abi(&item).size32 as usize;
            let (begin, length) = (number(&bytes[..4]), number(&bytes[4..8]));
            let block = cx.memory().get(begin..).and_then(|rest| rest.get(..size * length));
            let block = block.context("the list is in memory")?;
            Val::List(load_all(cx, (0..length).map(|_| item), block)?)
        }
        InterfaceType::FixedLengthList(list) => {
            let (item, length) = (types[list].element, types[list].size);
            Val::FixedLengthList(load_all(cx, (0..length).map(|_| item), bytes)?)
        }
        InterfaceType::Tuple(tuple) => Val::Tuple(load_all(cx, types[tuple].types.iter().copied(), bytes)?),
        InterfaceType::Record(record) => {
            let fields = &types[record].fields;
            let values = load_all(cx, fields.iter().map(|field| field.ty), bytes)?;
            let names = fields.iter().map(|field| field.name.to_string());
            Val::Record(names.zip(values).collect())
        }
        InterfaceType::Variant(variant) => {
            let variant = &types[variant];
            let case = number(&bytes[..size(&variant.info)]);
            let (name, ty) = variant.cases.get_index(case).context("a case of the variant")?;
            Val::Variant(name.to_string(), load_payload(cx, &variant.info, *ty, bytes)?)
        }
        InterfaceType::Enum(enumeration) => {
            let enumeration = &types[enumeration];
            let case = number(&bytes[..size(&enumeration.info)]);
            Val::Enum(enumeration.names.iter().nth(case).context("a member")?.to_string())
        }
        InterfaceType::Option(option) => {
            let option = &types[option];
            let is_there = number(&bytes[..1]) == 1;
            Val::Option(load_payload(cx, &option.info, is_there.then_some(option.ty), bytes)?)
        }
        InterfaceType::Result(result) => {
            let result = &types[result];
            Val::Result(match number(&bytes[..1]) {
                0 => Ok(load_payload(cx, &result.info, result.ok, bytes)?),
                _ => Err(load_payload(cx, &result.info, result.err, bytes)?),
            })
        }
        InterfaceType::Flags(flags) => {
            let bits = number(bytes);
            let names = types[flags].names.iter().enumerate();
            let set = names.filter(|(index, _)| bits >> index & 1 == 1);
            Val::Flags(set.map(|(_, name)| name.to_string()).collect())
        }
        _ => bail!("items of the type {ty:?} are not made"),
    })
}

fn load_all(cx: &mut LiftContext<'_>, types: impl Iterator<Item = InterfaceType>, bytes: &[u8]) -> Result<Vec<Val>> {
    let mut at = 0;
    let values = types.map(|ty| {
        let abi = cx.types.canonical_abi(&ty);
        let (place, size) = (abi.next_field32_size(&mut at), abi.size32 as usize);
        load(cx, ty, &bytes[place..][..size])
    });
    values.collect()
}

fn load_payload(
    cx: &mut LiftContext<'_>,
    info: &VariantInfo,
    ty: Option<InterfaceType>,
    bytes: &[u8],
) -> Result<Option<Box<Val>>> {
    let Some(ty) = ty else { return Ok(None) };
    let size = cx.types.canonical_abi(&ty).size32 as usize;
    let payload = load(cx, ty, &bytes[info.payload_offset32 as usize..][..size])?;
    Ok(Some(Box::new(payload)))
}

/// A number of up to four bytes.
fn number(bytes: &[u8]) -> usize {
    let bytes = bytes.iter().rev();
    bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
}
