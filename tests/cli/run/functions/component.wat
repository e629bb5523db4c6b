;; Functions of the component and of interfaces, some of the same name.
(component
  (core module $module
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
    (func (export "nothing"))
    (func (export "trap") unreachable)
    (func (export "overflow") (result i32) (i32.div_s (i32.const 1) (i32.const 0)))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    ;; A string comes back as it came: address and length.
    (func (export "same") (param i32 i32) (result i32)
      (i32.store (i32.const 512) (local.get 0))
      (i32.store (i32.const 516) (local.get 1))
      (i32.const 512)))
  (core instance $core (instantiate $module))

  (func $add (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $core "add")))
  (func $nothing (canon lift (core func $core "nothing")))
  (func $trap (canon lift (core func $core "trap")))
  (func $overflow (result u32) (canon lift (core func $core "overflow")))
  (func $same (param "text" string) (result string)
    (canon lift (core func $core "same") (memory (core memory $core "memory")) (realloc (core func $core "realloc"))))

  (instance $api (export "add" (func $add)) (export "only-here" (func $add)))
  (instance $other (export "trap" (func $trap)) (export "twice" (func $nothing)))
  (instance $another (export "twice" (func $nothing)))

  (export "add" (func $add))
  (export "nothing" (func $nothing))
  (export "overflow" (func $overflow))
  (export "same" (func $same))
  (export "test:package/api@1.2.3" (instance $api))
  (export "test:package/other" (instance $other))
  (export "another" (instance $another)))
