# What is needed to work on Ampoule.
{
  mkShell,
  cargo,
  clippy,
  rustc,
  rustfmt,
  clang-tools,
  nixfmt-tree,
}:
mkShell {
  packages = [
    cargo
    clippy
    rustc
    rustfmt
    clang-tools
    nixfmt-tree
  ];
}
