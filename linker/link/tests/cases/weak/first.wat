(module
  (@dylink.0
    (mem-info (memory 0 0) (table 0 0))
    (export-info "chosen" binding-weak)
    (import-info "env" "maybe" binding-weak undefined)
    (import-info "env" "maybe_data" binding-weak undefined))
  (import "env" "maybe" (func $maybe))
  (import "GOT.func" "maybe" (global $maybe_address i32))
  (import "GOT.mem" "maybe_data" (global $maybe_data i32))
  (func (export "chosen"))
  (func (export "__wasm_call_ctors")
    (if (i32.or (global.get $maybe_address) (global.get $maybe_data)) (then (call $maybe)))))
