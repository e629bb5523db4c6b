//! What the program `ampoule` says and does.

mod cache_under_stress;
mod dependencies;
mod drop_in;
mod explain;
mod guide;
mod outputs;
mod run;
mod settings;
mod stages;
mod tidy;
mod watch;
