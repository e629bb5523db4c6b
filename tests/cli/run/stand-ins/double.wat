(component
  (core module $module (func (export "double") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))
  (core instance $core (instantiate $module))
  (func (export "double") (param "value" u32) (result u32) (canon lift (core func $core "double"))))
