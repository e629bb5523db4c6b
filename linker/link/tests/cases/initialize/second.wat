;; image: /app/second.cpython-313-wasm32-wasi.so
(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (import "env" "__table_base" (global $table_base i32))
  (global $address (mut i32) (i32.const 0))
  (func $set_globals (global.set $address (i32.add (global.get $table_base) (i32.const 2))))
  (func (export "__wasm_apply_data_relocs") (drop (global.get $address)) (drop (i32.const 20)))
  (func (export "__wasm_call_ctors") (drop (i32.const 200)))
  (func (export "PyInit_second") (result i32) (i32.const 0))
  (start $set_globals))
