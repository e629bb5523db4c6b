;; A command whose result is whether it has as many arguments as environment variables.
(component
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (core module $allocator
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 4096))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $start i32)
      (local.set $start (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $start) (local.get 3)))
      (local.get $start)))
  (core instance $memory (instantiate $allocator))
  (core func $get-environment
    (canon lower (func $environment "get-environment")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $get-arguments
    (canon lower (func $environment "get-arguments")
      (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core module $main
    (import "host" "get-environment" (func $get-environment (param i32)))
    (import "host" "get-arguments" (func $get-arguments (param i32)))
    (import "host" "memory" (memory 1))
    (func (export "run") (result i32)
      (call $get-environment (i32.const 0))
      (call $get-arguments (i32.const 8))
      (i32.ne (i32.load (i32.const 4)) (i32.load (i32.const 12)))))
  (core instance $run (instantiate $main (with "host" (instance
    (export "get-environment" (func $get-environment))
    (export "get-arguments" (func $get-arguments))
    (export "memory" (memory $memory "memory"))))))
  (func $result (result (result)) (canon lift (core func $run "run")))
  (instance $export (export "run" (func $result)))
  (export "wasi:cli/run@0.2.0" (instance $export)))
