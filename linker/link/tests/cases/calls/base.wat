(module
  (type $unary (func (param i32) (result i32)))
  (memory (export "memory") 2)
  (table (export "__indirect_function_table") 3 funcref)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 65536))
  ;; The address of data that others may use.
  (global (export "counter") i32 (i32.const 70000))
  (func $double (export "double") (type $unary) (i32.mul (local.get 0) (i32.const 2)))
  (func $triple (export "triple") (type $unary) (i32.mul (local.get 0) (i32.const 3)))
  (func $unused (export "unused") (type $unary) (local.get 0))
  (func (export "ampoule_call") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1)))
  ;; `double` has a slot: its address elsewhere must be the same.
  (elem (i32.const 1) $double)
  (data (i32.const 70000) "\2a\00\00\00"))
