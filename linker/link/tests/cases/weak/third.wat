(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (import "env" "chosen" (func $chosen))
  (func (export "__wasm_call_ctors") (call $chosen)))
