# The programs of the stages: `tools.link` is the path of `ampoule-link`, and `tools.ampoule` that of the driver.
#
# Those of a folder become a store path each, so that a stage runs again only if its own program has changed.
{ prebuilt, package }:
let
  stages = [
    "bindgen"
    "bytecode"
    "cargo"
    "compile"
    "component"
    "cpython"
    "extension"
    "interpreter"
    "libcxx"
    "link"
    "pack"
    "precompile"
    "prepare"
    "rust"
    "sdk"
    "snapshot"
    "unpack"
    "web"
    "wheels"
  ];
  program =
    name:
    if prebuilt == null then
      "${package}/bin/${name}"
    else if (prebuilt.type or "") == "derivation" then
      "${prebuilt}/bin/${name}"
    else
      builtins.path {
        inherit name;
        path = prebuilt + "/bin/${name}";
      };
in
builtins.listToAttrs (
  map (stage: {
    name = stage;
    value = program "ampoule-${stage}";
  }) stages
)
// {
  ampoule = program "ampoule";
}
