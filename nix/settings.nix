# The settings of a project: what the caller gives, else `[tool.ampoule]` of its pyproject.toml, else the driver's defaults.
given:
let
  inherit (builtins) attrNames isList pathExists;

  file = given.src + "/pyproject.toml";
  # What a derivation will hold cannot be read before it is built.
  isReadable = (given.src.type or "") != "derivation" && pathExists file;
  pyproject = if isReadable then builtins.fromTOML (builtins.readFile file) else { };

  names = {
    all-features = "allFeatures";
    export-interface-names = "exportInterfaceNames";
    full-names = "fullNames";
    hash-seed = "hashSeed";
    import-interface-names = "importInterfaceNames";
    intersect-world = "intersectWorld";
    on-exception = "onException";
    paths = "pythonPath";
    python-options = "pythonOptions";
    python-variables = "pythonVariables";
    stdlib-sources = "stdlibSources";
    world-module = "worldModule";
  };
  # The keys that an argument of the same name stands for.
  others = [
    "app"
    "extensions"
    "features"
    "pylock"
    "requirements"
    "stdlib"
    "wasi"
    "wit"
    "world"
  ];
  argumentFor =
    key:
    if names ? ${key} then
      names.${key}
    else if builtins.elem key others then
      key
    else if key == "module-worlds" then
      throw "${toString file}: buildPyComponent cannot take `module-worlds`; `ampoule build` can"
    else
      throw "${toString file}: [tool.ampoule] has no key `${key}`; its keys are ${
        builtins.concatStringsSep ", " (builtins.sort builtins.lessThan (attrNames names ++ others))
      }";

  # The component's file is the derivation's output, wherever the driver would put it.
  table = removeAttrs (pyproject.tool.ampoule or { }) [ "output" ];
  read = builtins.listToAttrs (
    map (key: {
      name = argumentFor key;
      value = table.${key};
    }) (attrNames table)
  );
  named = if pyproject ? project.name then { inherit (pyproject.project) name; } else { };

  list = value: if isList value then value else [ value ];

  # The lock beside the project file is read unless another is named, as PEP 751 has it.
  lockOf =
    src: pylock: requirements:
    if requirements != null then
      throw "buildPyComponent: a requirements file does not name the wheels, so that Nix cannot fetch them; give a `pylock` (`uv pip compile --format pylock.toml`, or `uv export`)"
    else if pylock == null && (src.type or "") != "derivation" && pathExists (src + "/pylock.toml") then
      "pylock.toml"
    else
      pylock;

  complete =
    {
      src,
      name ? "app",
      app ? "app",
      wit ? "wit",
      world ? [ ],
      worldModule ? "wit_world",
      features ? [ ],
      allFeatures ? false,
      fullNames ? false,
      importInterfaceNames ? { },
      exportInterfaceNames ? { },
      pythonPath ? [ "." ],
      extensions ? [ ],
      stdlib ? [ ],
      stdlibSources ? false,
      wasi ? null,
      onException ? null,
      hashSeed ? 0,
      pythonOptions ? [ ],
      pythonVariables ? { },
      intersectWorld ? null,
      pylock ? null,
      requirements ? null,
    }:
    {
      inherit
        src
        name
        app
        worldModule
        features
        allFeatures
        fullNames
        importInterfaceNames
        exportInterfaceNames
        pythonPath
        extensions
        wasi
        onException
        hashSeed
        pythonOptions
        pythonVariables
        stdlibSources
        intersectWorld
        ;
      wit = list wit;
      world = list world;
      stdlib = list stdlib;
      pylock = lockOf src pylock requirements;
    };
in
complete (named // read // given)
