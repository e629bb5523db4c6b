;; image: /app/extension.cpython-313-wasm32-wasi.so
(module
  (@dylink.0 (mem-info (memory 4 2) (table 0 0)))
  (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $memory_base i32))
  ;; What Rust's libraries bring along.
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.load (global.get $memory_base)))
  (func (export "PyInit_extension") (result i32) (i32.const 0))
  (@custom "component-type:wit-bindgen" "not a world"))
