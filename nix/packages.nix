# The folders below a folder that hold a Python package with WIT of its own, by their componentize-py.toml.
let
  inherit (builtins) attrNames concatMap readDir;

  isLeftOut = name: builtins.match "\\..*|__pycache__|node_modules" name != null;

  find =
    folder:
    let
      entries = readDir folder;
      isSearched = name: entries.${name} == "directory" && !isLeftOut name;
    in
    (if entries ? "componentize-py.toml" then [ folder ] else [ ])
    ++ concatMap (name: find (folder + "/${name}")) (builtins.filter isSearched (attrNames entries));
in
find
