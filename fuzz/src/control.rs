//! A package as componentize-py 0.25 can read it.

use crate::python::DRIVE;
use wit_parser::decoding::decode;
use wit_parser::{Function, FunctionKind, Param, Resolve, Type, WorldItem, WorldKey};

/// A package in binary form without external ids, which are too new, and with the driver's function in the world itself: the union of
/// some worlds panics.
pub fn package_of_control(package: &[u8], world: &str) -> Vec<u8> {
    let decoded = decode(package).expect("the package was decoded before");
    let (mut resolve, id) = (decoded.resolve().clone(), decoded.package());
    let world = resolve
        .select_world(&[id], Some(world))
        .expect("the world is of the package");
    let drive = drive();
    let exports = &mut resolve.worlds[world].exports;
    exports.insert(WorldKey::Name(drive.name.clone()), WorldItem::Function(drive));
    remove_external_ids(&mut resolve);
    wit_component::encode(&resolve, id, false).expect("what was decoded is encoded")
}

/// The function that `driver.wit` has.
fn drive() -> Function {
    Function {
        name: DRIVE.replace('_', "-"),
        kind: FunctionKind::Freestanding,
        params: vec![Param {
            name: "number".to_string(),
            ty: Type::U32,
            span: Default::default(),
        }],
        result: None,
        docs: Default::default(),
        stability: Default::default(),
        span: Default::default(),
        external_id: None,
    }
}

fn remove_external_ids(resolve: &mut Resolve) {
    let worlds = resolve.worlds.iter_mut();
    for item in worlds.flat_map(|(_, world)| world.imports.values_mut().chain(world.exports.values_mut())) {
        match item {
            WorldItem::Interface { external_id, .. } => *external_id = None,
            WorldItem::Function(function) => function.external_id = None,
            WorldItem::Type { .. } => {}
        }
    }
    let interfaces = resolve.interfaces.iter_mut();
    for function in interfaces.flat_map(|(_, interface)| interface.functions.values_mut()) {
        function.external_id = None;
    }
    for (_, ty) in resolve.types.iter_mut() {
        ty.external_id = None;
    }
}
