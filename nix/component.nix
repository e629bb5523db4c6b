# A component as a package: what it is called, its stages, and the programs, the shell and the tests around it.
{
  packages,
  tools,
  ampoule,
  minor,
  callExports,
}:
{
  name,
  src,
  pythonPath,
  project,
  ...
}@settings:
{
  # The last derivation.
  component,
  # All stages by their names, and the records of those that there are.
  stages,
  records,
  # The bindings for editors and tests, in a list of one or none.
  typings,
  # The folder of the dependencies, in a list of one or none, where this machine's Python can import them.
  dependencies,
}:
let
  callsFile = src + "/tests/calls.txt";
  hasCalls = (src.type or "") != "derivation" && builtins.pathExists callsFile;
in
import ./overridable.nix (
  component:
  import ./programs.nix { inherit packages tools; } component
  // {
    inherit records typings;
    stages = stages // {
      inherit component;
    };
    inherit (settings) override;
    shell = import ./project-shell.nix { inherit packages ampoule minor; } {
      inherit name pythonPath;
      more = typings ++ dependencies;
    };
    tests =
      if hasCalls then
        {
          calls = callExports {
            inherit component;
            calls = builtins.path {
              name = "${name}-calls.txt";
              path = callsFile;
            };
          };
        }
      else
        { };
  }
) (component.drvAttrs // import ./description.nix { inherit name project; })
