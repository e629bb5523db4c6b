//! Gives the stage the digest of its own code.

fn main() {
    ampoule_code::emit();
}
