//! The fifth phase: the code of a module, scanned once for what it uses: the base's as it came, a side module's as walrus has left it.

use crate::Error;
use crate::read::{Module, validate};
use crate::unit::{Origins, Unit};
use ampoule_action::parallel;
use std::ops::Range;
use wasmparser::{Catch, FuncType, FunctionBody, Operator, Parser, Payload, TypeRef};

/// The code of a module. Whatever asks for a function here has the index that it has in the module's input.
pub(crate) struct Code<'c> {
    /// Where the indices in the bodies come from; none if they are the input's.
    pub(crate) origins: Option<&'c Origins>,
    /// Whether all that the code names but functions keeps its index in the linked module.
    pub(crate) stays: bool,
    /// The types that the bodies' indices mean.
    pub(crate) types: Vec<FuncType>,
    bodies: Vec<Option<Body<'c>>>,
    uses: Vec<Use>,
    imported_functions: usize,
    /// How many of the module's globals there are up to the last one that its code uses.
    pub(crate) used_globals: u32,
}

/// A function's body.
pub(crate) struct Body<'c> {
    pub(crate) body: FunctionBody<'c>,
    /// Its type's place among the code's types.
    pub(crate) type_index: u32,
    uses: Range<usize>,
}

/// Something that an instruction uses, by its index in the input.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    /// A function. Its index is the LEB128 number at a position in the code's module.
    Function { position: u32, index: u32 },
    /// A global.
    Global(u32),
    /// A tag.
    Tag(u32),
    /// The table's size is changed.
    GrowsTable,
}

/// Scans the base and all units.
pub(crate) fn scan_all<'c>(modules: &[Module<'c>], units: &'c [Unit]) -> Result<Vec<Code<'c>>, Error> {
    let places: Vec<usize> = (0..modules.len()).collect();
    let scan = |place: &usize| match *place {
        0 => Code::of_base(&modules[0]),
        place => Code::of_unit(&modules[place], &units[place - 1]),
    };
    parallel::map(None, &places, scan, |_, _| ())
}

impl<'c> Code<'c> {
    /// The base's code.
    pub(crate) fn of_base(base: &Module<'c>) -> Result<Code<'c>, Error> {
        let mut code = Code::empty(base, None);
        if !code.stays {
            validate(base.bytes).map_err(|error| base.malformed(error))?;
        }
        code.types.clone_from(&base.types);
        let imported = base.imported_functions.len();
        for (body, type_index) in base.bodies.iter().zip(&base.functions[imported..]) {
            let body = code
                .body(body.clone(), *type_index)
                .map_err(|error| base.malformed(error))?;
            code.bodies.push(Some(body));
        }
        code.check(base)?;
        Ok(code)
    }

    /// A side module's code.
    pub(crate) fn of_unit(module: &Module<'_>, unit: &'c Unit) -> Result<Code<'c>, Error> {
        let mut code = Code::empty(module, Some(&unit.origins));
        code.bodies.resize_with(module.bodies.len(), || None);
        code.read(unit, module.imported_functions.len())
            .map_err(|error| module.malformed(error))?;
        code.check(module)?;
        Ok(code)
    }

    fn empty(module: &Module<'_>, origins: Option<&'c Origins>) -> Code<'c> {
        Code {
            origins,
            stays: origins.is_none() && module.imported_globals.is_empty() && module.imported_tags.is_empty(),
            types: Vec::new(),
            bodies: Vec::new(),
            uses: Vec::new(),
            imported_functions: module.imported_functions.len(),
            used_globals: 0,
        }
    }

    fn read(&mut self, unit: &'c Unit, imported_before: usize) -> Result<(), wasmparser::Error> {
        let mut functions = Vec::new();
        let mut imported = 0;
        let mut bodies = Vec::new();
        for payload in Parser::new(0).parse_all(&unit.bytes) {
            match payload? {
                Payload::TypeSection(section) => {
                    self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        imported += usize::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                    }
                }
                Payload::FunctionSection(section) => functions = section.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => bodies.push(body),
                _ => {}
            }
        }
        // In the order in which they stood in the module: walrus writes the largest first.
        let mut bodies: Vec<_> = unit.origins.functions[imported..]
            .iter()
            .zip(bodies.into_iter().zip(functions))
            .collect();
        bodies.sort_unstable_by_key(|(origin, _)| **origin);
        for (origin, (body, type_index)) in bodies {
            self.bodies[*origin as usize - imported_before] = Some(self.body(body, type_index)?);
        }
        Ok(())
    }

    fn body(&mut self, body: FunctionBody<'c>, type_index: u32) -> Result<Body<'c>, wasmparser::Error> {
        let first = self.uses.len();
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, position) = operators.read_with_offset()?;
            self.operator(&operator, position as u32);
        }
        Ok(Body {
            body,
            type_index,
            uses: first..self.uses.len(),
        })
    }

    fn operator(&mut self, operator: &Operator<'_>, position: u32) {
        match operator {
            Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } => {
                let index = origin(self.origins, |origins| &origins.functions, *function_index);
                // Each of these is one byte, then the index.
                let position = position + 1;
                self.uses.push(Use::Function { position, index });
            }
            Operator::GlobalGet { global_index } | Operator::GlobalSet { global_index } => {
                let index = origin(self.origins, |origins| &origins.globals, *global_index);
                self.used_globals = self.used_globals.max(index.saturating_add(1));
                if !self.stays {
                    self.uses.push(Use::Global(index));
                }
            }
            Operator::Throw { tag_index } => self.tag(*tag_index),
            Operator::TryTable { try_table } => {
                for catch in &try_table.catches {
                    if let Catch::One { tag, .. } | Catch::OneRef { tag, .. } = catch {
                        self.tag(*tag);
                    }
                }
            }
            Operator::TableGrow { .. } => self.uses.push(Use::GrowsTable),
            _ => {}
        }
    }

    fn tag(&mut self, index: u32) {
        if !self.stays {
            self.uses
                .push(Use::Tag(origin(self.origins, |origins| &origins.tags, index)));
        }
    }

    /// Checks that there is what the code uses: nobody has validated it yet.
    fn check(&self, module: &Module<'_>) -> Result<(), Error> {
        let exists = |used: &Use| match used {
            Use::Function { index, .. } => (*index as usize) < module.functions.len(),
            Use::Global(index) => (*index as usize) < module.globals.len(),
            Use::Tag(index) => (*index as usize) < module.tags.len(),
            Use::GrowsTable => true,
        };
        let globals_exist = self.used_globals as usize <= module.globals.len();
        if globals_exist && self.uses.iter().all(exists) {
            return Ok(());
        }
        Err(module.malformed("its code uses a function, global or tag that it does not have"))
    }

    /// A function's body, if it was kept.
    pub(crate) fn get(&self, function: u32) -> Option<&Body<'c>> {
        self.bodies[function as usize - self.imported_functions].as_ref()
    }

    /// What a function uses.
    pub(crate) fn uses(&self, function: u32) -> &[Use] {
        self.get(function).map_or(&[], |body| &self.uses[body.uses.clone()])
    }
}

/// The index in the input of something that a body names. What does not exist keeps its index, which is too large.
pub(crate) fn origin(origins: Option<&Origins>, space: impl Fn(&Origins) -> &Vec<u32>, index: u32) -> u32 {
    match origins {
        Some(origins) => space(origins).get(index as usize).copied().unwrap_or(u32::MAX),
        None => index,
    }
}
