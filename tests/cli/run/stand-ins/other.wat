;; The function has other types.
(component
  (core module $module (func (export "double") (param i64) (result i64) (local.get 0)))
  (core instance $core (instantiate $module))
  (func (export "double") (param "value" u64) (result u64) (canon lift (core func $core "double"))))
