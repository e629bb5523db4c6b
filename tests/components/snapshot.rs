//! The snapshot is taken of the interpreter and the side modules as separate instances; the fused module must come to the same state.

use ampoule_support::{ampoule, copy, root, succeed};

/// Echo has a world with every type, and extension modules of the stdlib.
#[test]
fn the_split_run_and_the_fused_module_leave_the_same_state() {
    for example in ["hello", "echo"] {
        let project = copy(&root().join("examples").join(example));
        succeed(ampoule(project.path()).args(["build", "--verify-fused"]));
    }
}
