"""A package whose one module is an extension in Rust."""
