from zope.interface import Attribute, Interface, Invalid, adapter, implementer, interface, invariant, providedBy, ro
from zope.interface import _zope_interface_coptimizations as compiled, verify


class Shape(Interface):
    size = Attribute("how large it is")

    def area(scale):
        """The area."""

    @invariant
    def positive(shape):
        if shape.size <= 0:
            raise Invalid(shape.size)


class Named(Interface):
    name = Attribute("what it is called")


@implementer(Shape)
class Square:
    def __init__(self, size):
        self.size = size

    def area(self, scale):
        return scale * self.size**2


def check():
    assert interface.SpecificationBase is compiled.SpecificationBase and providedBy is compiled.providedBy
    square = Square(2)
    assert Shape.providedBy(square) and Shape.implementedBy(Square) and not Named.providedBy(square)
    assert list(providedBy(square)) == [Shape] and Shape(square) is square and verify.verifyObject(Shape, square)
    registry = adapter.AdapterRegistry()
    registry.register([Shape], Named, "", lambda shape: f"square of {shape.size}")
    registry.register([Interface], Named, "plain", lambda shape: "something")
    assert registry.queryAdapter(square, Named) == "square of 2"
    assert registry.queryAdapter(3, Named, "", "none") == "none"
    assert sorted(name for name, _ in registry.lookupAll([Shape], Named)) == ["", "plain"]
    interface.adapter_hooks.append(lambda wanted, thing: registry.queryAdapter(thing, wanted))
    try:
        assert Named(square) == "square of 2"
    finally:
        interface.adapter_hooks.pop()
    assert ro.ro(Shape)[-1] is Interface and hash(Shape) == hash(("Shape", "case"))
    Shape.validateInvariants(square)
    for wrong in (
        lambda: Named(square), lambda: Shape.validateInvariants(Square(0)), lambda: verify.verifyObject(Named, square),
    ):
        try:
            wrong()
        except (TypeError, Invalid):
            continue
        raise AssertionError("it does not provide that")
