# A derivation that can be changed, as those of nixpkgs: `overrideAttrs` takes attributes, or a function of the previous ones, or one of
# the final and the previous ones.
#
# `pname`, `version`, `meta` and `passthru` are beside the derivation: a new description builds nothing again.
let
  inherit (builtins) isFunction;
  beside = [
    "pname"
    "version"
    "meta"
    "passthru"
  ];

  overridable =
    # What is made of the derivation, whichever it is in the end.
    around: attributes:
    let
      made =
        derivation (removeAttrs attributes beside)
        // around made
        // (attributes.passthru or { })
        // builtins.intersectAttrs {
          pname = null;
          version = null;
          meta = null;
        } attributes
        // {
          overrideAttrs =
            change:
            let
              once = if isFunction change then change attributes else change;
              changed = if isFunction once then change final attributes else once;
              final = attributes // changed;
            in
            overridable around final;
        };
    in
    made;
in
overridable
