//! Makes small C programs of several modules, the same for the same seed.
//!
//! Module 0 is the base. The functions of all modules call one another, by name and by address; the data of all modules point at one
//! another; constructors change data. `ampoule_run` walks through all of it, and each module has a checksum of its data.

use std::fmt::Write;

/// How many functions and how many numbers each module has.
const FUNCTIONS: u32 = 5;
const NUMBERS: u32 = 4;

/// A C program.
pub struct Program {
    /// The source of each module; the first is the base.
    pub modules: Vec<String>,
    /// Whether the base calls side modules by name, so that it cannot be instantiated without them.
    pub base_calls_side_modules: bool,
}

/// The program of a seed.
pub fn program(seed: u64) -> Program {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let count = 2 + random.below(3);
    let base_calls_side_modules = random.below(2) == 0;
    let mut generator = Generator {
        random,
        count,
        base_calls_side_modules,
    };
    let modules = (0..count).map(|module| generator.module(module)).collect();
    Program {
        modules,
        base_calls_side_modules,
    }
}

/// A generator of numbers: xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators, scrambled").
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let scrambled = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D);
        ((scrambled >> 33) % u64::from(limit)) as u32
    }
}

struct Generator {
    random: Random,
    count: u32,
    base_calls_side_modules: bool,
}

impl Generator {
    fn module(&mut self, module: u32) -> String {
        let mut text = self.declarations(module);
        self.data(module, &mut text);
        for function in 0..FUNCTIONS {
            self.function(module, function, &mut text);
        }
        self.constructor(module, &mut text);
        checksum(module, &mut text);
        if module == 0 {
            self.entry(&mut text);
        }
        text
    }

    fn declarations(&self, module: u32) -> String {
        let mut text = String::from(
            "typedef unsigned long long wide;\ntypedef unsigned (*function)(unsigned, unsigned);\n\
             extern unsigned absent(unsigned) __attribute__((weak));\nextern unsigned absent_number __attribute__((weak));\n",
        );
        for other in 0..self.count {
            for place in 0..FUNCTIONS {
                let _ = writeln!(text, "unsigned call_{other}_{place}(unsigned, unsigned);");
            }
            let _ = writeln!(
                text,
                "extern unsigned numbers_{other}[{NUMBERS}];\nextern function functions_{other}[3];"
            );
            let _ = writeln!(text, "unsigned checksum_{other}(void);");
        }
        let _ = writeln!(text, "static _Alignas({}) wide zeros[3];", 8 << self.alignment(module));
        text
    }

    /// How often the alignment of a module's data is doubled.
    fn alignment(&self, module: u32) -> u32 {
        Random(self.random.0 ^ u64::from(module)).below(5)
    }

    fn data(&mut self, module: u32, text: &mut String) {
        let numbers: Vec<_> = (0..NUMBERS).map(|_| self.random.below(1000).to_string()).collect();
        let _ = writeln!(
            text,
            "unsigned numbers_{module}[{NUMBERS}] = {{{}}};",
            numbers.join(", ")
        );
        let pointers: Vec<_> = (0..3).map(|_| self.number_address(module)).collect();
        let _ = writeln!(
            text,
            "static unsigned *const volatile pointers[3] = {{{}}};",
            pointers.join(", ")
        );
        let functions: Vec<_> = (0..3).map(|_| self.function_name(module)).collect();
        let _ = writeln!(text, "function functions_{module}[3] = {{{}}};", functions.join(", "));
        let _ = writeln!(
            text,
            "static const char text[] = \"module {module}\";\nstatic double scale = {module}.5;"
        );
        let _ = writeln!(
            text,
            "static unsigned local(unsigned x, unsigned depth) {{ return x * {} + depth; }}",
            3 + module
        );
        let _ = writeln!(text, "static function volatile own = local;");
    }

    /// A static address: the base is linked without the side modules, and can only point at its own.
    fn number_address(&mut self, module: u32) -> String {
        let other = if module == 0 { 0 } else { self.random.below(self.count) };
        format!("&numbers_{other}[{}]", self.random.below(NUMBERS))
    }

    fn function_name(&mut self, module: u32) -> String {
        let reaches_all = module > 0 || self.base_calls_side_modules;
        let other = if reaches_all { self.random.below(self.count) } else { 0 };
        format!("call_{other}_{}", self.random.below(FUNCTIONS))
    }

    fn number(&mut self, module: u32) -> String {
        let other = if module == 0 { 0 } else { self.random.below(self.count) };
        format!("numbers_{other}[{}]", self.random.below(NUMBERS))
    }

    fn function(&mut self, module: u32, place: u32, text: &mut String) {
        let _ = writeln!(text, "unsigned call_{module}_{place}(unsigned x, unsigned depth) {{");
        let _ = writeln!(
            text,
            "  if (depth == 0) return x + {place};\n  unsigned buffer[8] = {{x, depth}};"
        );
        for _ in 0..3 + self.random.below(4) {
            let statement = self.statement(module);
            let _ = writeln!(text, "  {statement}");
        }
        let _ = writeln!(text, "  return x ^ buffer[depth & 7];\n}}");
    }

    fn statement(&mut self, module: u32) -> String {
        let constant = self.random.below(100);
        match self.random.below(11) {
            0 | 1 => format!("x += {}(x + {constant}, depth - 1);", self.function_name(module)),
            2 => format!("x ^= functions_{module}[x % 3](x, depth - 1);"),
            3 => format!("{} += x % {};", self.number(module), constant + 1),
            4 => format!("x += {};", self.number(module)),
            5 => format!("*pointers[x % 3] += {constant}; x -= *pointers[{}];", constant % 3),
            6 => format!(
                "x += ({} == functions_{module}[{}]);",
                self.function_name(module),
                constant % 3
            ),
            7 => format!(
                "x += text[x % sizeof text]; zeros[x % 3] += (wide)x << {};",
                constant % 40
            ),
            8 => "scale += x % 7; x += (unsigned)scale; x += own(x, depth);".to_string(),
            9 => format!("if (absent) x += absent(x); if (&absent_number) x++; buffer[x & 7] += x * {constant};"),
            _ => format!("for (unsigned i = 0; i < 8; i++) buffer[i] = buffer[(i + {constant}) & 7] + x + i;"),
        }
    }

    /// The base's constructors run before the side modules are ready, and use nothing of them.
    fn constructor(&mut self, module: u32, text: &mut String) {
        let call = if module == 0 {
            "local(7, 1)".to_string()
        } else {
            format!("{}(7, 2)", self.function_name(module))
        };
        let _ = writeln!(text, "__attribute__((constructor)) static void construct(void) {{");
        let _ = writeln!(
            text,
            "  numbers_{module}[0] += {call};\n  zeros[1] = numbers_{module}[0] + 1;\n}}"
        );
    }

    fn entry(&mut self, text: &mut String) {
        let _ = writeln!(text, "static function hooks[16];\nstatic unsigned hook_count;");
        let _ = writeln!(text, "void add_hook(function hook) {{ hooks[hook_count++] = hook; }}");
        let _ = writeln!(
            text,
            "void __wasm_call_ctors(void);\nvoid _initialize(void) {{ __wasm_call_ctors(); }}"
        );
        let _ = writeln!(text, "unsigned ampoule_run(unsigned x) {{");
        for place in 0..FUNCTIONS {
            let _ = writeln!(text, "  x = x * 31 + call_0_{place}(x, 3);");
        }
        let _ = writeln!(
            text,
            "  for (unsigned i = 0; i < hook_count; i++) x = x * 31 + hooks[i](x, 3);"
        );
        let _ = writeln!(text, "  return x ^ checksum_0();\n}}");
    }
}

/// The checksum of a module's data; a side module also gives it to the base, with one of its functions, to be called from there.
fn checksum(module: u32, text: &mut String) {
    let _ = writeln!(text, "unsigned checksum_{module}(void) {{\n  wide sum = 0;");
    let _ = writeln!(
        text,
        "  for (int i = 0; i < {NUMBERS}; i++) sum = sum * 37 + numbers_{module}[i];"
    );
    let _ = writeln!(
        text,
        "  for (int i = 0; i < 3; i++) sum = sum * 37 + zeros[i] + (*pointers[i] ^ (pointers[i] == 0));"
    );
    let _ = writeln!(text, "  return (unsigned)(sum ^ (sum >> 32)) + (unsigned)scale;\n}}");
    if module > 0 {
        let _ = writeln!(
            text,
            "void add_hook(function);\nstatic unsigned hook(unsigned x, unsigned depth) {{\n  \
             return call_{module}_0(x, depth) + checksum_{module}();\n}}\n\
             __attribute__((constructor)) static void register_hooks(void) {{\n  \
             add_hook(hook);\n  add_hook(call_{module}_1);\n}}"
        );
    }
}
