;; A stand-in for an extension module.
(module
  (@dylink.0 (mem-info (memory 64 4) (table 1 0)))
  (import "env" "memory" (memory 0))
  (import "env" "__indirect_function_table" (table 0 funcref))
  (import "env" "__stack_pointer" (global $stack (mut i32)))
  (import "env" "__memory_base" (global $memory_base i32))
  (import "env" "__table_base" (global $table_base i32))
  (import "GOT.mem" "results" (global $results (mut i32)))
  (import "GOT.func" "add" (global $add (mut i32)))
  (import "env" "add" (func $call_add (param i32 i32) (result i32)))
  ;; A function that is not exported, in a slot of the module's own.
  (func $own (result i32) (i32.load offset=4 (global.get $memory_base)))
  (elem (global.get $table_base) $own)
  (data (global.get $memory_base) "ext\00")
  ;; The relocation stores the address of the module's data plus one; the constructor stores 41.
  (func (export "__wasm_apply_data_relocs")
    (i32.store offset=8 (global.get $memory_base) (i32.add (global.get $memory_base) (i32.const 1))))
  (func (export "__wasm_call_ctors")
    (i32.store offset=4 (global.get $memory_base) (i32.const 41)))
  (func (export "PyInit_extension") (result i32)
    ;; The base's own slot of `add` is 2.
    (i32.store offset=4 (global.get $results) (i32.eq (global.get $add) (i32.const 2)))
    (call $call_add
      (call_indirect (result i32) (global.get $table_base))
      (i32.sub (i32.load offset=8 (global.get $memory_base)) (global.get $memory_base)))))
