(module
  (memory (export "memory") 1)
  (table 1 funcref)
  (global (export "__stack_pointer") (mut i32) (i32.const 65536))
  (func (export "_initialize"))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
  (func (export "ampoule_go")))
