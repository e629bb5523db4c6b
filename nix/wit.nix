# What the bindings are made of, as the driver finds it: the project's WIT, and Python packages with WIT of their own.
{
  # The settings of the project.
  settings,
  # The place of one of its folders as one that can be read now; null where there is none before something is built.
  readable,
  # The folder of its dependencies, in a list of one or none. What is in it is not known yet.
  dependencies,
}:
let
  inherit (builtins)
    any
    attrValues
    concatMap
    elem
    filter
    foldl'
    head
    map
    match
    stringLength
    ;

  # Of two names for one folder the shorter one.
  shorter =
    known: package:
    let
      key = builtins.unsafeDiscardStringContext (toString package.folder);
      isLonger = known ? ${key} && stringLength known.${key}.name <= stringLength package.name;
    in
    if isLonger then known else known // { ${key} = package; };
  folders = filter (folder: folder != null) (map readable settings.pythonPath);
  own = attrValues (
    foldl' shorter { } (concatMap (import ./packages.nix settings.exclude) folders)
  );

  # Those that are in a wheel have to be named: by their worlds, or else by `witPackages`.
  chosen = concatMap (
    world:
    let
      parts = match "([^=]*)=.*" world;
    in
    # The stage says what is wrong with one of another form.
    if parts == null then [ ] else parts
  ) settings.moduleWorlds;
  isOwn = name: any (package: package.name == name) own;
  named = filter (name: !isOwn name) (foldl' once [ ] (settings.witPackages ++ chosen));
  known =
    if own == [ ] then
      "there are none"
    else
      "there are ${builtins.concatStringsSep ", " (map (package: package.name) own)}";
  once = seen: name: if elem name seen then seen else seen ++ [ name ];
  installed = map (
    name:
    if dependencies == [ ] then
      throw "buildPyComponent: there is no package `${name}` with WIT of its own (componentize-py.toml) in the folders of `pythonPath`, and no lock whose wheels could have it; ${known}"
    else
      {
        inherit name;
        argument = "${head dependencies}/${builtins.replaceStrings [ "." ] [ "/" ] name}";
        hasWit = true;
        hasBindings = true;
      }
  ) named;

  # What the stage reads of a package alone, so that it runs again only if that has changed.
  read =
    package:
    let
      file = package.folder + "/componentize-py.toml";
      said = import ./toml.nix file;
      wit = toString (package.folder + "/${said.wit_directory or "wit"}");
      isRead =
        place: _:
        let
          isAbove = builtins.substring 0 (stringLength place + 1) wit == "${place}/";
          isBelow = builtins.substring 0 (stringLength wit + 1) place == "${wit}/";
        in
        place == toString file || place == wit || isAbove || isBelow;
    in
    {
      inherit (package) name;
      argument = builtins.path {
        name = "${settings.name}-${if package.name == "" then "own" else package.name}-wit";
        path = package.folder;
        filter = isRead;
      };
      hasWit = said ? wit_directory;
      hasBindings = said ? bindings;
    };

  packages = builtins.sort (one: other: one.name < other.name) (map read own ++ installed);
in
{
  # Beside packages that have WIT, the folder `wit` is read only if it is named.
  wit =
    if settings.wit != null then
      settings.wit
    else if settings.isServed || any (package: package.hasWit) packages then
      [ ]
    else
      [ "wit" ];
  # The arguments of the stage `bindgen`.
  packages = map (package: "${package.name}=${package.argument}") packages;
  hasBindings = any (package: package.hasBindings) packages;
}
