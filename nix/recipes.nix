# The recipes of packages with native code: those at places of the project come before those that Ampoule brings.
let
  inherit (builtins)
    all
    attrNames
    compareVersions
    concatMap
    elemAt
    filter
    isString
    match
    readDir
    split
    stringLength
    substring
    ;

  filesIn =
    place:
    let
      isRecipe = name: match ".*\\.toml" name != null;
    in
    if builtins.readFileType place == "directory" then
      map (name: place + "/${name}") (filter isRecipe (attrNames (readDir place)))
    else
      [ place ];

  # Whether a version is one of those that a comma-separated list of comparisons allows (PEP 440): what recipes have of that.
  isWithin = versions: version: all (isAllowed version) (filter isString (split "," versions));
  isAllowed =
    version: comparison:
    let
      parts = match " *(==|>=|<=|<|>) *([0-9A-Za-z.]+)([.][*])? *" comparison;
      operator = elemAt parts 0;
      other = elemAt parts 1;
      order = compareVersions version other;
      isBelow = version == other || substring 0 (stringLength other + 1) version == "${other}.";
    in
    if parts == null then
      throw "`versions` of a recipe has ${comparison}, which Nix does not compare: use ==, ==X.*, >=, >, <=, <"
    else if operator == "==" then
      (if elemAt parts 2 == null then order == 0 else isBelow)
    else if operator == ">=" then
      order >= 0
    else if operator == "<=" then
      order <= 0
    else if operator == "<" then
      order < 0
    else
      order > 0;
in
own:
let
  read = file: {
    inherit file;
    recipe = builtins.fromTOML (builtins.readFile file);
  };
  known = map read (concatMap filesIn (own ++ [ ../recipes ]));
in
# The recipe for a version of a package, as a list of one or none.
package: version:
let
  fits = entry: entry.recipe.package == package && isWithin entry.recipe.versions version;
  fitting = filter fits known;
in
if fitting == [ ] then [ ] else [ (builtins.head fitting) ]
