# A module for flake-parts. `perSystem.ampoule.components.NAME = { src = ./.; }` has the arguments of buildPyComponent, and gives
# `packages.NAME`, its tests as checks, programs that run it and serve it, and a shell to work on it. What is named for the component
# `default` has no prefix.
ampoule:
{ flake-parts-lib, ... }:
{
  options.perSystem = flake-parts-lib.mkPerSystemOption (
    {
      config,
      lib,
      system,
      ...
    }:
    let
      inherit (lib) mapAttrs mkOption types;
      components = mapAttrs (_: ampoule.lib.${system}.buildPyComponent) config.ampoule.components;

      # What there is of all components, each named for its component.
      ofAll =
        of: lib.concatMapAttrs (name: component: lib.mapAttrs' (named name) (of component)) components;
      named =
        name: what:
        lib.nameValuePair (
          if name == "default" then
            what
          else if what == "default" then
            name
          else
            "${name}-${what}"
        );
    in
    {
      options.ampoule.components = mkOption {
        type = types.lazyAttrsOf (types.lazyAttrsOf types.raw);
        default = { };
        example = lib.literalExpression "{ shop = { src = ./.; }; }";
        description = "Python applications that are built into components, each with the arguments of buildPyComponent.";
      };

      config = {
        packages = components;
        checks = ofAll (component: component.tests);
        apps = ofAll (component: component.apps);
        devShells = mapAttrs (_: component: component.shell) components;
      };
    }
  );
}
