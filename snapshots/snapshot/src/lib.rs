//! ampoule-snapshot
