# The app's stages: from WIT and Python files to the component.
{
  stage,
  pins,
  toolchain,
  generator,
  # Makes a package of the stages, as component.nix does.
  finish,
}:
# The settings of a project, as settings.nix reads them.
{ name, src, ... }@settings:
let
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

  # What the project has at a place, which is then there.
  checked =
    kind: place:
    if isReadable place && !builtins.pathExists (src + "/${place}") then
      throw "there is no ${kind} at ${place}: name one that exists"
    else
      place;

  # A file or folder of the project as a store path of its own, so that a stage runs again only if that has changed.
  part = kind: place: partAt (checked kind place);
  partAt =
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

  # A folder of the Python path. One inside of another stays there, so that its files are in the component once.
  folderOfPath =
    place:
    let
      inherit (builtins) match stringLength substring;
      isInside =
        outer:
        isReadable outer
        && (
          if outer == "." then
            match "\\.|\\.\\.(/.*)?|/.*" place == null
          else
            substring 0 (stringLength outer + 1) place == "${outer}/"
        );
      around = builtins.filter isInside settings.pythonPath;
      outer = builtins.head around;
      below = if outer == "." then place else substring (stringLength outer + 1) (-1) place;
    in
    if isReadable place && around != [ ] then
      "${folderOfPath outer}/${below}"
    else
      part "folder" place;

  isReadable =
    place: builtins.isString place && !builtins.hasContext place && (src.type or "") != "derivation";

  # A file where it is, to be read now: a part is not in the store yet where Nix only evaluates (`--no-build`).
  original =
    kind: place:
    if builtins.isPath place then
      place
    else if isReadable place then
      src + "/${checked kind place}"
    else
      part kind place;

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
  madeByRecipe = builtins.partition (entry: entry ? recipe) settings.extensions;
  extensions = map extension madeByRecipe.wrong;
  # The C++ libraries that some of them need.
  libcxx =
    let
      needed = concatMap (extension: extension.libcxx) extensions;
      isNeeded = folder: builtins.any (other: other.outPath == folder.outPath) needed;
    in
    builtins.filter isNeeded [
      toolchain.libcxx
      toolchain.libcxxWithExceptions
    ];

  # What builds packages by recipes, the project's own before Ampoule's.
  native = import ./native.nix {
    inherit
      stage
      pins
      toolchain
      generator
      ;
  };
  recipeFor = import ./recipes.nix (map (original "recipe or folder of recipes") settings.recipes);

  wheels =
    import ./wheels.nix {
      inherit
        stage
        pins
        part
        native
        recipeFor
        ;
    } {
    project = name;
    inherit (settings) src pylock;
    provided = concatMap (extension: extension.provides) extensions;
  };

  # Packages that are made of the project's sources.
  packages = map (import ./local-package.nix {
    inherit
      stage
      pins
      part
      original
      native
      recipeFor
      ;
    project = name;
  }) madeByRecipe.right;

  each = flag: concatMap (value: [ flag value ]);

  # A list without what is there before.
  once = builtins.foldl' (seen: item: if builtins.elem item seen then seen else seen ++ [ item ]) [ ];

  # What stands between wasi:http and a web application, in a list of one or none.
  web =
    if settings.usesHttp then
      [
        (stage {
          stage = "web";
          name = "${name}-web";
          arguments =
            pins.archives "web"
            ++ settings.flags "web" { }
            ++ [
              "--output"
              (placeholder "out")
            ];
        })
      ]
    else
      [ ];

  wit = import ./wit.nix {
    inherit settings;
    dependencies = wheels.pythonPath;
    readable =
      place:
      if builtins.isPath place then
        place
      else if !isReadable place then
        null
      else if place == "." then
        src
      else
        src + "/${checked "folder" place}";
  };
  bindgen =
    name: packages: more:
    stage {
      stage = "bindgen";
      inherit name;
      arguments =
        settings.flags "bindgen" { wit = map (part "WIT file or folder") wit.wit; }
        ++ each "--package" packages
        ++ more
        ++ [
          "--output"
          (placeholder "out")
        ];
    };
  bindings =
    bindgen "${name}-bindings" (wit.packages ++ map (folder: "ampoule_web=${folder}/package") web)
      [ ];

  # The same for editors and tests, if the app has a world of its own.
  typings =
    if wit.wit == [ ] && wit.packages == [ ] then
      [ ]
    else
      [ (bindgen "${name}-typings" wit.packages [ "--stubs" ]) ];

  # Of the dependencies' folder, which comes after the app's own. If these are inside of each other its place in the image is
  # another one, and the stage `compile` does this itself.
  bytecode = map (
    folder:
    stage {
      stage = "bytecode";
      name = "${name}-bytecode";
      arguments = [
        "--interpreter"
        "${interpreter}/initialised.cwasm"
        "--stdlib-folder"
        (stdlibOf interpreter)
        "--folder"
        folder
        "--place"
        "/app${toString (builtins.length settings.pythonPath)}"
      ]
      ++ each "--exclude" settings.exclude
      ++ [
        "--output"
        (placeholder "out")
      ];
    }
  ) wheels.pythonPath;

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
      map folderOfPath settings.pythonPath
      ++ wheels.pythonPath
      ++ concatMap (package: package.pythonPath) packages
      ++ map (folder: "${folder}/python") web
      ++ concatMap (extension: extension.pythonPath) extensions
    )
    ++ each "--package-bindings" (
      if wit.hasBindings || web != [ ] then [ "${bindings}/packages" ] else [ ]
    )
    ++ each "--bytecode" bytecode
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
      [ "${seeded}/precompiled-extensions" ]
      ++ map (extension: extension.precompiled) extensions
      ++ wheels.precompiled
      ++ concatMap (package: package.precompiled) packages
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
finish settings {
  inherit component typings;
  dependencies = wheels.forAllSystems;
  stages = toolchain // {
    inherit
      bindings
      compiled
      linked
      snapshot
      ;
  };

  # The record of every stage, in the order of `ampoule build --records`, once.
  records = once (map (stage: stage.record) (
    wheels.stages
    ++ concatMap (package: package.stages) packages
    ++ concatMap (extension: extension.unpacked) extensions
    ++ web
    ++ [
      sdk
      cpython
      interpreter
    ]
    ++ libcxx
    ++ concatMap (extension: extension.rust ++ [ extension.file ]) extensions
    ++ [
      bindings
    ]
    ++ bytecode
    ++ [ compiled ]
    ++ (if settings.hashSeed == 0 then [ ] else [ seeded ])
    ++ [ linked ]
    ++ map (extension: extension.precompiled) extensions
    ++ wheels.precompiled
    ++ concatMap (package: package.precompiled) packages
    ++ [
      snapshot
      component
    ]
  ));
}
