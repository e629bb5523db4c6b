;; A base with what the side modules of the tests need.
(module
  (memory (export "memory") 1)
  (table (export "__indirect_function_table") 1 funcref)
  (global (export "__stack_pointer") (mut i32) (i32.const 65536))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "wit_dylib_push_u32") (param i32 i32))
  (func (export "wit_dylib_push_map") (param i32 i32))
  (func (export "wit_dylib_pop_map") (param i32) (result i32) (i32.const 0)))
