(module
  (@dylink.0 (mem-info (memory 0 0) (table 0 0)))
  (func (export "clear"))
  (func (export "greet") (param i32))
  (@custom "component-type:world" "world"))
