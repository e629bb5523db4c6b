(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)) (needed "b"))
  (import "env" "helper" (func $helper (result i32)))
  (func (export "__wasm_call_ctors") (drop (call $helper))))
