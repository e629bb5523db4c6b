;; A stand-in for the interpreter, with the guest API that the snapshot drives.
;; It keeps what it learns from address 66000 on: the extension's result, whether pointers agree, whether it is
;; finished, and a random number at 66016.
(module
  (type $initializer (func (result i32)))
  (type $binary (func (param i32 i32) (result i32)))
  (import "wasi:cli/stderr@0.2.0" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (import "wasi:random/random@0.2.0" "get-random-u64" (func $random (result i64)))
  (import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  (table (export "__indirect_function_table") 4 funcref)
  (global $stack (export "__stack_pointer") (mut i32) (i32.const 65536))
  (global (export "results") i32 (i32.const 66000))
  (func $add (export "add") (type $binary) (i32.add (local.get 0) (local.get 1)))
  (elem (i32.const 2) $add)
  (data (i32.const 65536) "\1ethe app fails: see above\n")
  (data (i32.const 65600) "data of the base")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 70000))
  (func (export "ampoule_allocate") (param i32) (result i32) (i32.const 80000))
  (func (export "ampoule_release") (param i32) (memory.fill (i32.const 80000) (i32.const 0) (i32.const 4096)))
  ;; Nothing here is called through the table by another type.
  (func (export "ampoule_describe_functions") (param i32 i32))
  ;; Remembers the initialiser, and leaves something on the stack.
  (func (export "ampoule_register_extension") (param i32 i32 i32) (result i32)
    (i32.store (i32.sub (global.get $stack) (i32.const 16)) (i32.const -1))
    (i32.store (i32.const 66012) (local.get 2))
    (i32.const 0))
  ;; "Imports" the extension. An app whose name begins with an f fails, and one that begins with a q exits.
  (func (export "ampoule_execute") (param $source i32) (param $length i32) (result i32)
    (local $letter i32)
    (loop $search
      (local.set $letter (i32.load8_u (local.get $source)))
      (local.set $source (i32.add (local.get $source) (i32.const 1)))
      (br_if $search (i32.ne (local.get $letter) (i32.const 34))))
    (local.set $letter (i32.load8_u (local.get $source)))
    (if (i32.eq (local.get $letter) (i32.const 102)) (then
      (call $write (call $stderr) (i32.const 65536) (i32.const 26) (i32.const 90000))))
    (if (i32.eq (local.get $letter) (i32.const 113)) (then (call $exit (i32.const 1))))
    (i32.store (i32.const 66000) (call_indirect (type $initializer) (i32.load (i32.const 66012))))
    (i64.store (i32.const 66016) (call $random))
    (i32.const 0))
  ;; No files are held, and the image stays where it was passed.
  (func (export "ampoule_held_files") (result i32) (i32.const 80000))
  (func (export "ampoule_embed") (param i32))
  (func (export "ampoule_finish") (result i32)
    (i32.store (i32.const 66008) (i32.const 7))
    (i32.const 0))
  (func (export "example:world/run")))
