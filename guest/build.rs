//! Has the crate compiled again when a file is added: `include_dir` alone sees only changes of files that were there.

fn main() {
    for folder in ["runtime", "python"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
