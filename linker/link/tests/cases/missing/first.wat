;; image: /app/first.so
(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)) (needed "libabsent.so" "libc.so"))
  (import "env" "absent_function" (func))
  (import "GOT.func" "absent_address" (global i32))
  (import "GOT.mem" "absent_data" (global i32))
  (import "env" "absent_global" (global (mut i64)))
  (import "env" "known" (func (param i64) (result i32))))
