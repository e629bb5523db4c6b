# The settings of a project: what the caller gives, else `[tool.ampoule]` of its pyproject.toml, else the driver's defaults.
given:
let
  inherit (builtins)
    attrNames
    concatMap
    elem
    filter
    isList
    pathExists
    ;

  file = given.src + "/pyproject.toml";
  # What a derivation will hold cannot be read before it is built.
  isReadable = (given.src.type or "") != "derivation" && pathExists file;
  pyproject = if isReadable then import ./toml.nix file else { };

  # The driver's keys, each with its argument, and with the flag of the stages that read it.
  keys = builtins.fromJSON (builtins.readFile ./settings.json);
  known = filter (key: keys.${key} ? argument) (attrNames keys);
  arguments = map (key: keys.${key}.argument) known;

  argumentFor =
    key:
    if !(keys ? ${key}) then
      throw "${toString file}: [tool.ampoule] has no key `${key}`; its keys are ${builtins.concatStringsSep ", " known}"
    else
      keys.${key}.argument;

  table = pyproject.tool.ampoule or { };
  read = builtins.listToAttrs (
    map (key: {
      name = argumentFor key;
      value = table.${key};
    }) (filter (key: !(keys.${key} or { } ? needless)) (attrNames table))
  );
  named = if pyproject ? project.name then { inherit (pyproject.project) name; } else { };

  defaults = builtins.listToAttrs (
    map (key: {
      name = keys.${key}.argument;
      value = keys.${key}.default;
    }) (filter (key: keys.${key} ? default) known)
  );
  settings = defaults // named // read // given;

  list = value: if isList value then value else [ value ];

  # As one word each: a value may begin with a hyphen.
  forms = {
    list = flag: values: map (value: "${flag}=${value}") (list values);
    switch = flag: isOn: if isOn then [ flag ] else [ ];
    table = flag: values: map (name: "${flag}=${name}=${values.${name}}") (attrNames values);
    value = flag: value: [ "${flag}=${toString value}" ];
  };
  flagsOf =
    stage: values: key:
    let
      inherit (keys.${key})
        argument
        flag
        form
        stages
        ;
      value = values.${argument} or null;
    in
    if elem stage stages && value != null then forms.${form} flag value else [ ];

  # An application of WSGI or ASGI is served by an app that hands on to it.
  isServed = settings ? wsgi || settings ? asgi;
  served = if isServed then { app = "ampoule_web.app"; } else { };

  # The lock beside the project file is read unless another is named, as PEP 751 has it.
  lockOf =
    src: pylock: requirements:
    if requirements != null then
      throw "buildPyComponent: a requirements file does not name the wheels, so that Nix cannot fetch them; give a `pylock` (`uv pip compile --format pylock.toml`, or `uv export`)"
    else if pylock == null && (src.type or "") != "derivation" && pathExists (src + "/pylock.toml") then
      "pylock.toml"
    else
      pylock;

  unexpected = attrNames (
    removeAttrs given (
      [
        "name"
        "src"
        "witPackages"
      ]
      ++ arguments
    )
  );
in
if unexpected != [ ] then
  throw "buildPyComponent: unexpected argument '${builtins.head unexpected}'; its arguments are src, name, witPackages, ${builtins.concatStringsSep ", " arguments}"
else
  # The names of all keys are looked at first: what is wrong with one is then all that is said.
  builtins.seq read {
    inherit (settings) src pythonPath;
    extensions = settings.extensions or [ ];
    recipes = settings.recipes or [ ];
    exclude = list (settings.exclude or [ ]);
    name = settings.name or "app";
    # What the component has to do with HTTP.
    inherit isServed;
    usesHttp = isServed || settings.httpClient or false;
    wit = if settings ? wit then list settings.wit else null;
    inherit (settings) moduleWorlds;
    # Packages with WIT of their own in wheels, beside those of `moduleWorlds`.
    witPackages = settings.witPackages or [ ];
    project = pyproject.project or { };
    hashSeed = settings.hashSeed or 0;
    pylock = lockOf settings.src (settings.pylock or null) (settings.requirements or null);

    # The flags of a stage for all settings that it reads; `values` go before them.
    flags = stage: values: concatMap (flagsOf stage (settings // served // values)) known;
  }
