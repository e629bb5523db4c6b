//! Digests the code of this stage for its action key.

fn main() {
    ampoule_code::emit();
}
