(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)) (import-info "env" "clear" binding-weak undefined))
  (import "env" "greet" (func $greet (result i32)))
  (import "env" "clear" (func $clear))
  (func (export "__wasm_call_ctors") (drop (call $greet)) (call $clear)))
