(module
  (memory (export "memory") 1)
  (table 1 funcref)
  (global (export "__stack_pointer") (mut i32) (i32.const 65536))
  (func (export "ampoule_go")))
