//! What the program `ampoule` says and does.

mod cache_under_stress;
mod composition;
mod dependencies;
mod drop_in;
mod explain;
mod guide;
mod interfaces;
mod native;
mod outputs;
mod prefilled;
mod recipes;
mod report;
mod run;
mod settings;
mod stages;
mod templates;
mod tidy;
mod watch;
mod wheels;
