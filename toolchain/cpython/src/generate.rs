//! The C files that CPython's own build would generate: the configuration header, the tables of modules.

use crate::manifest::Manifest;
use std::collections::BTreeMap;
use std::fmt::Write;

/// `pyconfig.h`: a macro for each entry of the configuration.
pub fn configuration_header(configuration: &BTreeMap<String, String>) -> String {
    let mut text = String::from("#ifndef Py_PYCONFIG_H\n#define Py_PYCONFIG_H\n");
    for (name, value) in configuration {
        // Names with an underscore are for the C library too, and may be there before this header is.
        if name.starts_with('_') {
            let _ = write!(text, "#ifndef {name}\n#define {name} {value}\n#endif\n");
        } else {
            let _ = writeln!(text, "#define {name} {value}");
        }
    }
    text.push_str("#endif\n");
    text
}

/// `config.c`: the table of builtin modules.
pub fn builtin_table(manifest: &Manifest) -> String {
    let builtin = manifest
        .builtin
        .keys()
        .map(|name| (name.clone(), format!("PyInit_{name}")));
    let modules: BTreeMap<String, String> = builtin.chain(manifest.intrinsic.clone()).collect();
    let mut text = String::from("#include \"Python.h\"\n\n");
    for function in modules.values() {
        let _ = writeln!(text, "extern PyObject *{function}(void);");
    }
    text.push_str("\nstruct _inittab _PyImport_Inittab[] = {\n");
    for (name, function) in &modules {
        let _ = writeln!(text, "    {{\"{name}\", {function}}},");
    }
    // These two are made before any table is read; the entries put them into sys.builtin_module_names.
    text.push_str("    {\"builtins\", NULL},\n    {\"sys\", NULL},\n    {NULL, NULL},\n};\n");
    text
}

/// `frozen.c`: the table of modules whose code is in the core.
pub fn frozen_table(manifest: &Manifest) -> String {
    let entries: Vec<_> = manifest
        .frozen
        .iter()
        .filter_map(|frozen| Some((frozen.name.as_ref()?, &frozen.module)))
        .collect();
    let mut text = String::from("#include \"Python.h\"\n#include \"pycore_import.h\"\n\n");
    for (_, module) in &entries {
        let _ = writeln!(text, "#include \"{}\"", frozen_header(module));
    }
    text.push_str("\nstatic const struct _frozen bootstrap_modules[] = {\n");
    for (name, module) in &entries {
        let array = frozen_array(module);
        let _ = writeln!(text, "    {{\"{name}\", {array}, (int)sizeof({array}), 0}},");
    }
    text.push_str("    {0},\n};\n");
    text.push_str("static const struct _frozen no_modules[] = {{0}};\n");
    text.push_str("static const struct _module_alias aliases[] = {\n");
    for (name, module) in &entries {
        let _ = writeln!(text, "    {{\"{name}\", \"{module}\"}},");
    }
    text.push_str("    {0},\n};\n\n");
    text.push_str("const struct _frozen *_PyImport_FrozenBootstrap = bootstrap_modules;\n");
    text.push_str("const struct _frozen *_PyImport_FrozenStdlib = no_modules;\n");
    text.push_str("const struct _frozen *_PyImport_FrozenTest = no_modules;\n");
    text.push_str("const struct _frozen *PyImport_FrozenModules = NULL;\n");
    text.push_str("const struct _module_alias *_PyImport_FrozenAliases = aliases;\n");
    text
}

/// The header with the code of a frozen module, as getpath.c wants to include it.
pub fn frozen_header(module: &str) -> String {
    format!("Python/frozen_modules/{module}.h")
}

/// The array in that header: the freezer's own way to name it.
fn frozen_array(module: &str) -> String {
    format!("_Py_M__{}", module.replace('.', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_that_the_c_library_reads_are_guarded() {
        let configuration = [("A", "1"), ("_B", "\"x\"")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(
            configuration_header(&configuration.into()),
            "#ifndef Py_PYCONFIG_H\n#define Py_PYCONFIG_H\n#define A 1\n#ifndef _B\n#define _B \"x\"\n#endif\n#endif\n"
        );
    }

    #[test]
    fn builtin_modules_are_declared_and_listed() {
        let text = builtin_table(&Manifest::embedded());
        assert!(text.contains("extern PyObject *PyInit_posix(void);\n"));
        assert!(text.contains("    {\"posix\", PyInit_posix},\n"));
        assert!(text.contains("    {\"_warnings\", _PyWarnings_Init},\n"));
        assert!(text.ends_with("    {\"sys\", NULL},\n    {NULL, NULL},\n};\n"));
    }

    #[test]
    fn frozen_modules_have_header_entry_and_alias() {
        let text = frozen_table(&Manifest::embedded());
        assert!(text.contains("#include \"Python/frozen_modules/importlib._bootstrap.h\"\n"));
        assert!(text.contains(
            "    {\"_frozen_importlib\", _Py_M__importlib__bootstrap, (int)sizeof(_Py_M__importlib__bootstrap), 0},\n"
        ));
        assert!(text.contains("    {\"_frozen_importlib\", \"importlib._bootstrap\"},\n"));
        assert!(!text.contains("getpath"));
    }
}
