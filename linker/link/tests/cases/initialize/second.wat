;; image: /app/second.cpython-313-wasm32-wasi.so
(module
  (@dylink.0 (mem-info (memory 8 3) (table 0 0)))
  (import "env" "memory" (memory 0))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32))
  ;; Set once, by the start function: a constant all the same.
  (global $address (mut i32) (i32.const 0))
  ;; Never set.
  (global $absent (mut i32) (i32.const 0))
  (func $set_globals (global.set $address (i32.add (global.get $table_base) (i32.const 2))))
  (func $clear (memory.fill (global.get $memory_base) (i32.const 0) (i32.const 8)))
  (func $start (call $set_globals) (call $clear))
  (func (export "__wasm_apply_data_relocs") (i32.store (global.get $memory_base) (global.get $address)))
  (func (export "__wasm_call_ctors") (i32.store offset=4 (global.get $memory_base) (global.get $absent)))
  (func (export "PyInit_second") (result i32) (i32.const 0))
  (start $start))
