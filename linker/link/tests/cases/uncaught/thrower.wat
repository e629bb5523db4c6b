;; image: /app/thrower.so
(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (import "env" "memory" (memory 0))
  (import "env" "__cpp_exception" (tag $exception (param i32)))
  (func (export "PyInit_thrower") (result i32) (throw $exception (i32.const 8)))
  (func (export "ampoule_uncaught") (param i32) (unreachable)))
