;; Has the interface, and traps at one item.
(component
  (core module $module
    (global $asked (mut i32) (i32.const 0))
    (func (export "price") (param i32) (result i32)
      (if (i32.eq (local.get 0) (i32.const 13)) (then (unreachable)))
      (global.set $asked (i32.add (global.get $asked) (i32.const 1)))
      (i32.add (local.get 0) (i32.const 100)))
    (func (export "asked") (result i32) (global.get $asked)))
  (core instance $core (instantiate $module))
  (func $price (param "item" u32) (result u32) (canon lift (core func $core "price")))
  (func $asked (result u32) (canon lift (core func $core "asked")))
  (instance $lookup (export "price" (func $price)) (export "asked" (func $asked)))
  (export "example:prices/lookup@1.0.0" (instance $lookup)))
