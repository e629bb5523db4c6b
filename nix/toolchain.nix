# The toolchain's stages: the same for every app.
{
  stage,
  pins,
  # Parts that a release has, by their names.
  released,
}:
let
  # A part as the release has it; what proves it is still to be built.
  orReleased =
    part: built:
    if released ? ${part} then
      released.${part}
      // builtins.intersectAttrs {
        record = null;
        tests = null;
      } built
    else
      built;
in
rec {
  sdk = orReleased "sdk" (stage {
    stage = "sdk";
    name = "ampoule-sdk";
    arguments = pins.archives "sdk" ++ [
      "--output"
      (placeholder "out")
    ];
  });

  # Only extensions in C++ ask for them.
  libcxx = libcxxWith [ ];
  libcxxWithExceptions = libcxxWith [ "--exceptions" ];
  libcxxWith =
    flags:
    stage {
      stage = "libcxx";
      name = "ampoule-libcxx";
      arguments =
        pins.archive "clang"
        ++ [
          "--sdk"
          sdk
        ]
        ++ flags
        ++ [
          "--output"
          (placeholder "out")
        ];
    };

  # Those for what has a description, made of sources some of which may be C++: a list of one or none.
  libcxxFor =
    description: sources:
    let
      isCxx = source: builtins.match ".*[.](cc|cpp|cxx|C)" source != null;
    in
    if !builtins.any isCxx sources then
      [ ]
    else if description.exceptions or false then
      [ libcxxWithExceptions ]
    else
      [ libcxx ];

  # Only extensions in Rust ask for it.
  rust = stage {
    stage = "rust";
    name = "ampoule-rust";
    arguments =
      pins.archivesOf (
        pin:
        pin.name == "clang"
        || builtins.elem pin.group [
          "rust"
          "rust-system"
        ]
      )
      ++ [
        "--output"
        (placeholder "out")
      ];
  };

  cpython = orReleased "cpython" (stage {
    stage = "cpython";
    name = "ampoule-cpython";
    outputs = [
      "out"
      "tests"
    ];
    arguments = pins.archives "cpython" ++ [
      "--sdk"
      sdk
      "--output"
      (placeholder "out")
      "--tests"
      (placeholder "tests")
    ];
  });

  interpreter = started { };

  # The interpreter whose Python is started in another way.
  started =
    {
      hashSeed ? 0,
      # The flags of `python-options` and `python-variables`.
      flags ? [ ],
    }:
    let
      built = stage {
        stage = "interpreter";
        name = "ampoule-interpreter";
        arguments = [
          "--sdk"
          sdk
          "--cpython"
          cpython
          "--hash-seed"
          (toString hashSeed)
        ]
        ++ flags
        ++ [
          "--output"
          (placeholder "out")
        ];
      };
    in
    if hashSeed == 0 && flags == [ ] then orReleased "interpreter" built else built;
}
