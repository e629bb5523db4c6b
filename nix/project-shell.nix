# A shell to work on an app in: with Ampoule, Python, and the paths by which Python, pytest and type checkers find the app, its bindings and
# its dependencies.
{
  packages,
  ampoule,
  # The minor version of Python.
  minor,
}:
{
  name,
  # The folders of the Python path: places below the project's folder, or others.
  pythonPath,
  # Folders of other modules that it imports.
  more,
}:
let
  isBelow = place: builtins.isString place && !builtins.hasContext place;
  folderOf =
    place:
    if !isBelow place then
      "${place}"
    else if place == "." then
      "$PWD"
    else
      "$PWD/${place}";
  path = builtins.concatStringsSep ":" (map folderOf pythonPath ++ map toString more);
in
packages.mkShell {
  name = "${name}-shell";
  packages = [
    ampoule
    packages."python3${minor}"
  ];
  shellHook = ''
    export PYTHONPATH="${path}''${PYTHONPATH:+:$PYTHONPATH}"
    export MYPYPATH="${path}''${MYPYPATH:+:$MYPYPATH}"
  '';
}
