"""The stage `precompile`."""

load(":actions.bzl", "add_folder", "run_stage")

def precompile(ctx, toolchain, module, name):
    """Compiles a module for the machines that run the actions, once for all that use it.

    Args:
      ctx: the rule's context.
      toolchain: the toolchain.
      module: the module.
      name: the name of the folder.

    Returns:
      the folder.
    """
    folder = ctx.actions.declare_directory(name)
    arguments = ctx.actions.args()
    arguments.add("--quiet")
    arguments.add("--module", module)
    add_folder(arguments, "--output", folder)
    run_stage(
        ctx,
        toolchain.tools,
        "precompile",
        [arguments],
        inputs = [module],
        outputs = [folder],
        many_cores = True,
    )
    return folder
