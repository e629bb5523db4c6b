import kiwisolver
from kiwisolver import Constraint, Solver, Variable, strength


def raises(kind, call, *arguments):
    try:
        call(*arguments)
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} is not raised")


def check():
    left, width, right = Variable("left"), Variable("width"), Variable("right")
    solver = Solver()
    solver.addConstraint(left + width == right)
    solver.addConstraint(width >= 10)
    solver.addConstraint((right == 100) | "strong")
    solver.addEditVariable(left, "medium")
    solver.suggestValue(left, 30)
    solver.updateVariables()
    assert (left.value(), width.value(), right.value()) == (30, 70, 100)
    solver.suggestValue(left, 95)
    solver.updateVariables()
    assert (left.value(), width.value(), right.value()) == (90, 10, 100)
    assert "left" in solver.dumps() and solver.hasEditVariable(left)

    # Errors of the solver are exceptions of C++ that become those of Python.
    impossible: Constraint = width <= 5
    error = raises(kiwisolver.UnsatisfiableConstraint, solver.addConstraint, impossible)
    assert error.constraint is impossible
    twice = (right <= 200) | strength.weak
    solver.addConstraint(twice)
    raises(kiwisolver.DuplicateConstraint, solver.addConstraint, twice)
    solver.removeConstraint(twice)
    raises(kiwisolver.UnknownConstraint, solver.removeConstraint, twice)
    raises(kiwisolver.UnknownEditVariable, solver.suggestValue, width, 1)
    raises(kiwisolver.BadRequiredStrength, solver.addEditVariable, width, "required")
    raises(TypeError, lambda: left * right)

    expression = 2 * (left + 3) - right / 4
    terms = {term.variable().name(): term.coefficient() for term in expression.terms()}
    assert terms == {"left": 2, "right": -0.25} and expression.constant() == 6 and expression.value() == 161
    assert (left >= 1).op() == ">=" and strength.create(1, 0, 0) == strength.strong
