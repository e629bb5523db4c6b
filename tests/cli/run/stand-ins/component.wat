;; Imports an interface and a function that no host has.
(component
  (import "example:prices/lookup@1.0.0" (instance $lookup
    (export "price" (func (param "item" u32) (result u32)))
    (export "asked" (func (result u32)))))
  (import "double" (func $double (param "value" u32) (result u32)))
  (alias export $lookup "price" (func $price))
  (alias export $lookup "asked" (func $asked))
  (core func $price (canon lower (func $price)))
  (core func $asked (canon lower (func $asked)))
  (core func $double (canon lower (func $double)))
  (core module $module
    (import "host" "price" (func $price (param i32) (result i32)))
    (import "host" "asked" (func $asked (result i32)))
    (import "host" "double" (func $double (param i32) (result i32)))
    (func (export "total") (param i32) (result i32) (call $double (call $price (local.get 0))))
    (func (export "asked") (param i32) (result i32) (drop (call $price (local.get 0))) (call $asked)))
  (core instance $host (export "price" (func $price)) (export "asked" (func $asked)) (export "double" (func $double)))
  (core instance $core (instantiate $module (with "host" (instance $host))))
  (func (export "total") (param "item" u32) (result u32) (canon lift (core func $core "total")))
  (func (export "asked") (param "item" u32) (result u32) (canon lift (core func $core "asked"))))
