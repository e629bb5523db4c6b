;; Imports that the host does not have, beside one that needs nothing from it.
(component
  (import "host:tools/log@1.0.0" (instance (export "write" (func (param "text" string)))))
  (import "wasi:http/types@0.2.0" (instance (export "fields" (type (sub resource)))))
  (import "wasi:cli/environment@0.3.0" (instance (export "get-arguments" (func (result (list string))))))
  (import "example:only/types" (instance (type $point (record (field "x" u32))) (export "point" (type (eq $point)))))
  (import "wasi:cli/environment@0.2.3" (instance (export "get-arguments" (func (result (list string))))))
  (import "helper" (func))
  (core module $module (func (export "nothing")))
  (core instance $core (instantiate $module))
  (func (export "nothing") (canon lift (core func $core "nothing"))))
