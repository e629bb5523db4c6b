{
  description = "A Python application that becomes a WebAssembly component";

  # Where Ampoule is: a URL or a folder of yours, here or by `--override-input ampoule ...`.
  inputs.ampoule.url = "flake:ampoule";

  outputs =
    { self, ampoule }:
    {
      packages = builtins.mapAttrs (_: library: {
        default = library.buildPyComponent { src = ./.; };
      }) ampoule.lib;

      # `nix run . -- CALL` calls an export; `nix run .#serve` answers HTTP requests, if the component can.
      apps = builtins.mapAttrs (_: packages: packages.default.apps) self.packages;

      # The calls of `tests/calls.txt`.
      checks = builtins.mapAttrs (_: packages: packages.default.tests) self.packages;

      devShells = builtins.mapAttrs (_: packages: {
        default = packages.default.shell;
      }) self.packages;
    };
}
