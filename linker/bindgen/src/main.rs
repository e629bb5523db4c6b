//! Generates the Python bindings and the side module of a WIT world.

fn main() -> std::process::ExitCode {
    ampoule_action::main::<ampoule_bindgen::Bindgen>()
}
