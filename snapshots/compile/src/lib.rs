//! ampoule-compile
