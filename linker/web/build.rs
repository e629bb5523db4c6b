//! Gives the stage the digest of its code.

fn main() {
    ampoule_code::emit();
}
