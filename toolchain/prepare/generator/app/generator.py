"""Runs a step that generates sources: `/step.json` says which."""

import json
import os
import runpy
import sys
import traceback

import Cython.Compiler.Main
import wit_world.exports


class Run(wit_world.exports.Run):
    def run(self) -> None:
        try:
            run()
        except Exception:
            traceback.print_exc()
            sys.exit(1)


def run() -> None:
    with open("/step.json") as file:
        step = json.load(file)
    os.chdir(step["folder"])
    sys.path[:0] = [step["folder"], *step["path"]]
    if step["script"]:
        sys.argv = [step["script"], *step["arguments"]]
        sys.path.insert(0, os.path.dirname(step["script"]))
        runpy.run_path(step["script"], run_name="__main__")
    elif step["module"]:
        sys.argv = [step["module"], *step["arguments"]]
        runpy.run_module(step["module"], run_name="__main__", alter_sys=True)
    elif step["python"]:
        exec(compile(step["python"], "recipe", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = ["cython", *step["arguments"], *step["cython"]]
        Cython.Compiler.Main.main(command_line=True)
