# The toolchain's stages: the same for every app.
{ stage, pins }:
rec {
  sdk = stage {
    stage = "sdk";
    name = "ampoule-sdk";
    arguments = [
      "--clang"
      (pins.file "clang")
      "--wasi-libc"
      (pins.file "wasi-libc")
      "--compiler-rt"
      (pins.file "compiler-rt")
      "--output"
      (placeholder "out")
    ];
  };

  cpython = stage {
    stage = "cpython";
    name = "ampoule-cpython";
    outputs = [
      "out"
      "tests"
    ];
    arguments = [
      "--sdk"
      sdk
      "--source"
      (pins.file "cpython")
      "--libdeflate"
      (pins.file "libdeflate")
      "--zlib"
      (pins.file "zlib")
      "--bzip2"
      (pins.file "bzip2")
      "--xz"
      (pins.file "xz")
      "--sqlite"
      (pins.file "sqlite")
      "--aws-lc"
      (pins.file "aws-lc")
      "--output"
      (placeholder "out")
      "--tests"
      (placeholder "tests")
    ];
  };

  interpreter = started { };

  # The interpreter whose Python is started in another way.
  started =
    {
      hashSeed ? 0,
      # The flags of `python-options` and `python-variables`.
      flags ? [ ],
    }:
    stage {
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
}
