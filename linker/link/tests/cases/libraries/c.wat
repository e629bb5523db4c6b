(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (import "GOT.func" "helper" (global $helper i32))
  (func (export "helper") (result i32) (global.get $helper)))
