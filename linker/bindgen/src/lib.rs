//! Python bindings of a WIT world, and its side module.
//!
//! The phases, each borrowing from the ones before:
//! 1. [`resolve`]: WIT files to one world; what cannot be bound is refused here.
//! 2. [`names`]: the world with its Python names, modules and classes, a [`World`].
//! 3. [`side_module`]: wit-dylib's module, which gives every function and type its index.
//! 4. [`bindings`] and [`stubs`]: the Python files.

mod annotation;
mod builtins;
mod channels;
mod class;
mod core_names;
mod docstring;
mod error;
mod extent;
mod function;
mod identifier;
mod interface_name;
mod intersect;
mod layout;
mod module;
mod names;
mod nominal;
mod numbers;
mod order;
mod package;
mod poll_loop;
mod post_return;
mod refuse;
mod resolve;
mod resource;
mod scope;
mod select;
mod side_module;
mod stage;
mod stand_ins;
mod table;
mod weak;
mod world;

pub use error::Error;
pub use module::{Files, bindings, stubs};
pub use names::{Naming, names};
pub use package::{PACKAGE_FILE, Package};
pub use resolve::{Part, Resolved, WitSource, resolve};
pub use side_module::{SideModule, side_module};
pub use stage::Bindgen;
pub use world::{
    Case, Class, Direction, Field, Function, Interface, Member, Module, Parameter, Place, Role, Root, Shape, World,
};
