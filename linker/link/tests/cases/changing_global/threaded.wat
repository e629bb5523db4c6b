(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (global $thread_data (mut i32) (i32.const 0))
  (func (export "__wasm_call_ctors") (global.set $thread_data (i32.const 8))))
