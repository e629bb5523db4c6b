# The app's stages: from WIT and Python files to the component.
{
  stage,
  pins,
  toolchain,
}:
given:
let
  settings = import ./settings.nix given;
  inherit (settings) name src;
  inherit (toolchain) sdk cpython;
  # The app's files are compiled by an interpreter without a seed.
  interpreter = toolchain.started { flags = settings.flags "interpreter" { }; };
  # What the app starts from.
  seeded =
    if builtins.isInt settings.hashSeed then
      toolchain.started {
        inherit (settings) hashSeed;
        flags = settings.flags "interpreter" { };
      }
    else
      throw "buildPyComponent: `hashSeed` is a number; `ampoule build` can take it from the inputs";
  stdlibOf = started: "${started}/lib/python${pins.series "cpython"}";
  inherit (builtins) concatMap;

  # A file or folder of the project as a store path of its own, so that a stage runs again only if that has changed.
  part =
    place:
    if !builtins.isString place || builtins.hasContext place then
      "${place}"
    else if (src.type or "") == "derivation" then
      "${src}/${place}"
    else if place == "." then
      builtins.path {
        name = "${name}-source";
        path = src;
      }
    else
      builtins.path {
        name = "${name}-${baseNameOf place}";
        path = src + "/${place}";
      };

  # Their bindings depend on which of them have WIT, as the driver finds it; that is not done here.
  isReadable =
    place: builtins.isString place && !builtins.hasContext place && (src.type or "") != "derivation";
  packages = concatMap (place: import ./packages.nix (src + "/${place}")) (
    builtins.filter isReadable settings.pythonPath
  );

  # A file where it is, to be read now: a part is not in the store yet where Nix only evaluates (`--no-build`).
  original =
    place:
    if builtins.isPath place then
      place
    else if isReadable place then
      src + "/${place}"
    else
      part place;

  extension = import ./extension.nix {
    inherit
      stage
      pins
      toolchain
      part
      original
      ;
    project = name;
  };
  extensions = map extension settings.extensions;

  wheels = import ./wheels.nix { inherit stage pins part; } {
    project = name;
    inherit (settings) src pylock;
    provided = concatMap (extension: extension.provides) extensions;
  };

  each = flag: concatMap (value: [ flag value ]);

  bindings = stage {
    stage = "bindgen";
    name = "${name}-bindings";
    arguments =
      settings.flags "bindgen" { wit = map part settings.wit; }
      ++ [
        "--output"
        (placeholder "out")
      ];
  };

  compiled = stage {
    stage = "compile";
    name = "${name}-image";
    outputs = [
      "out"
      "extensions"
    ];
    arguments = [
      "--interpreter"
      "${interpreter}/initialised.cwasm"
      "--stdlib-folder"
      (stdlibOf interpreter)
      "--stdlib-imports"
      "${interpreter}/imports.json"
      "--bindings"
      "${bindings}/python"
    ]
    ++ each "--path" (
      map part settings.pythonPath
      ++ wheels.pythonPath
      ++ concatMap (extension: extension.pythonPath) extensions
    )
    ++ each "--extension" (map (extension: "${extension.module}=${extension.file}") extensions)
    ++ settings.flags "compile" { }
    ++ [
      "--output"
      (placeholder "out")
      "--reachable-extensions"
      (placeholder "extensions")
    ];
  };

  linked = stage {
    stage = "link";
    name = "${name}-linked";
    outputs = [
      "out"
      "layout"
      "report"
    ];
    arguments = [
      "--base"
      "${seeded}/initialised.wasm"
      "--module"
      "world=${bindings}/world.so"
      "--extensions"
      compiled.extensions
      "--output"
      (placeholder "out")
      "--layout"
      (placeholder "layout")
      "--report"
      (placeholder "report")
    ]
    ++ settings.flags "link" { };
  };

  snapshot = stage {
    stage = "snapshot";
    name = "${name}-snapshot";
    arguments = [
      "--linked"
      linked
      "--layout"
      linked.layout
      "--precompiled"
      "${seeded}/initialised.cwasm"
      "--module"
      "world=${bindings}/world.so"
      "--extensions"
      compiled.extensions
      "--stdlib-folder"
      (stdlibOf seeded)
      "--image"
      compiled
      "--output"
      (placeholder "out")
    ]
    ++ each "--precompiled-modules" (
      [ "${seeded}/precompiled-extensions" ] ++ map (extension: extension.precompiled) extensions
    )
    ++ settings.flags "snapshot" { };
  };

  component = stage {
    stage = "component";
    name = "${name}.wasm";
    arguments = [
      "--module"
      snapshot
      "--python-version"
      (pins.version "cpython")
      "--output"
      (placeholder "out")
    ];
  };
in
if packages != [ ] then
  throw "${toString (builtins.head packages)} has WIT of its own (componentize-py.toml): buildPyComponent cannot take that; `ampoule build` can"
else
component
// {
  stages = toolchain // {
    inherit
      bindings
      compiled
      linked
      snapshot
      component
      ;
  };

  # The record of every stage, in the order of `ampoule build --records`.
  records = map (stage: stage.record) (
    wheels.stages
    ++ concatMap (extension: extension.unpacked) extensions
    ++ [
      sdk
      cpython
      interpreter
    ]
    ++ map (extension: extension.file) extensions
    ++ [
      bindings
      compiled
    ]
    ++ (if settings.hashSeed == 0 then [ ] else [ seeded ])
    ++ [ linked ]
    ++ map (extension: extension.precompiled) extensions
    ++ [
      snapshot
      component
    ]
  );
}
