;; A base that has a global, a tag and a function from a side module: its code is not copied but rewritten.
(module
  (import "env" "answer" (func $answer (param i32) (result i32)))
  (import "env" "limit" (global $limit i32))
  (import "env" "refused" (tag $refused (param i32)))
  (memory (export "memory") 1)
  (table 1 funcref)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 65536))
  (tag $own (param i64))
  (func (export "ampoule_go") (param i32) (result i32)
    (if (i32.gt_u (local.get 0) (global.get $limit)) (then (throw $refused (local.get 0))))
    (if (i32.eqz (global.get $stack)) (then (throw $own (i64.const 1))))
    (call $answer (local.get 0))))
