# What nix/flake-module.nix gives to a system of a flake, evaluated by hand: with those functions of nixpkgs' library and of flake-parts
# that it calls, written anew, as neither is on this machine.
{
  ampoule,
  system,
  # The components, as a project names them.
  components,
}:
let
  inherit (builtins)
    attrNames
    foldl'
    listToAttrs
    map
    mapAttrs
    ;
  lib = {
    inherit mapAttrs;
    nameValuePair = name: value: { inherit name value; };
    mapAttrs' =
      function: attributes:
      listToAttrs (map (name: function name attributes.${name}) (attrNames attributes));
    concatMapAttrs =
      function: attributes:
      foldl' (merged: name: merged // function name attributes.${name}) { } (attrNames attributes);
    literalExpression = text: text;
    mkOption = option: option;
    types = {
      raw = null;
      lazyAttrsOf = type: type;
    };
  };
  flake-parts-lib.mkPerSystemOption = module: module;
  module = (ampoule.flakeModules.default { inherit flake-parts-lib; }).options.perSystem;
in
(module {
  inherit lib system;
  config.ampoule = { inherit components; };
}).config
