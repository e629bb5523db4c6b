# Ampoule for one system.
#
# `prebuilt` is a folder with the tools in `bin`, or a derivation of one, or null: then they are built from source. `released` are those
# parts of the toolchain that a release has. With `contentAddressed` the app's stages are derivations addressed by content.
{
  system,
  packages,
  prebuilt ? null,
  released ? { },
  contentAddressed ? false,
}:
let
  source = packages.callPackage ./package.nix { };
  tools = import ./tools.nix {
    inherit prebuilt;
    package = source;
  };
  stageWith = contentAddressed: import ./stage.nix { inherit system tools contentAddressed; };
  pins = import ./pins.nix {
    inherit system;
    fetchers = packages;
  };
  toolchain = import ./toolchain.nix {
    inherit pins released;
    stage = stageWith false;
  };
  stage = stageWith contentAddressed;
  build = import ./build-py-component.nix {
    inherit
      pins
      toolchain
      generator
      stage
      finish
      ;
  };
  finish = import ./component.nix {
    inherit
      packages
      tools
      ampoule
      callExports
      ;
    inherit (pins) minor;
  };
  ampoule = if prebuilt == null then source else import ./prebuilt.nix prebuilt;
  callExports = import ./call-exports.nix { inherit system tools; };
  generator = import ./generator.nix { inherit stage pins build; };

  # What is wrong with the settings is said first: they are an argument that is taken apart.
  buildPyComponent =
    given:
    build (
      import ./settings.nix given
      // {
        override =
          change:
          buildPyComponent (given // (if builtins.isFunction change then change given else change));
      }
    );
in
{
  inherit toolchain buildPyComponent callExports;
  package = ampoule;
}
