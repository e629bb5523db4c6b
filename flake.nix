{
  description = "Builds Python applications into WebAssembly components, hermetically and reproducibly";

  inputs = {
    # Fetches the pinned inputs, builds the tools where no prebuilt ones are given, and has what developers need.
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # A folder with prebuilt, static tools in `bin`: `--override-input tools path:FOLDER`. By default those of the release are taken, and
    # where this is the source of none they are built.
    tools = {
      url = "file+file:///dev/null";
      flake = false;
    };
  };

  outputs =
    {
      self,
      nixpkgs,
      tools,
    }:
    let
      systems = import ./nix/systems.nix;
      # The source of a release says where what it has built is, and its digests.
      isThere = import ./nix/release.nix {
        inherit tools;
        release =
          if builtins.pathExists ./nix/release.json then
            builtins.fromJSON (builtins.readFile ./nix/release.json)
          else
            { };
      };

      libraryFor =
        packages: options:
        import ./nix (
          {
            inherit packages;
            inherit (packages.stdenv.hostPlatform) system;
          }
          // isThere packages
          // options
        );
      perSystem =
        make:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = make nixpkgs.legacyPackages.${system};
          }) systems
        );
      examples =
        { buildPyComponent, ... }:
        {
          hello = buildPyComponent { src = ./examples/hello; };
          dependencies = buildPyComponent { src = ./examples/dependencies; };
          native = buildPyComponent { src = ./examples/native; };
          echo = buildPyComponent { src = ./examples/echo; };
          extension = buildPyComponent { src = ./examples/extension; };
          web = buildPyComponent { src = ./examples/web; };
        };
    in
    {
      packages = perSystem (
        packages:
        let
          ampoule = libraryFor packages { };
        in
        {
          default = ampoule.package;
          ampoule = ampoule.package;
          app = (examples ampoule).hello;
          inherit (ampoule.toolchain) sdk cpython interpreter;
        }
      );

      # The example is run by `nix run AMPOULE#app -- CALL`.
      apps = perSystem (packages: {
        app = (examples (libraryFor packages { })).hello.apps.run;
      });

      lib = perSystem (
        packages:
        let
          ampoule = libraryFor packages { };
        in
        {
          # Builds a Python application into a component: docs/nix.md has the arguments.
          inherit (ampoule) buildPyComponent;
          # A check that calls exports of a component.
          inherit (ampoule) callExports;
          # The same with derivations that are addressed by content: a stage whose inputs turn out as before does not run again.
          contentAddressed = {
            inherit (libraryFor packages { contentAddressed = true; }) buildPyComponent;
          };
        }
      );

      overlays.default = final: _: {
        ampoule = (libraryFor final { }).package;
        inherit (libraryFor final { }) buildPyComponent callExports;
      };

      checks = perSystem (
        packages:
        let
          ampoule = libraryFor packages { };
          components = examples ampoule;
        in
        components
        // {
          calls = ampoule.callExports {
            component = components.hello;
            calls = {
              "greet(\"Ada\")" = "\"Hello, Ada!\"";
            };
          };
        }
      );

      devShells = perSystem (packages: {
        default = packages.callPackage ./nix/shell.nix { };
      });

      # For flake-parts: docs/nix.md says what it gives.
      flakeModules.default = import ./nix/flake-module.nix self;

      formatter = perSystem (packages: packages.nixfmt-tree);

      templates = {
        default = {
          path = ./nix/template;
          description = "A Python application that becomes a WebAssembly component";
        };
        # What `ampoule new` has written has none.
        flake = {
          path = builtins.path {
            name = "flake";
            path = ./nix/template;
            filter = file: _: baseNameOf file == "flake.nix";
          };
          description = "The flake alone, for a project that is there";
        };
      };
    };
}
