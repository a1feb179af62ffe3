//! The node: configuration, command line and wiring. It owns no logic: a command asks the use cases of
//! `comity-exchange` and prints what they answer.

mod cli;
mod clock;
mod commands;
mod config;
mod ctx;
mod data;
mod demo;
mod disk;
mod entropy;
mod error;
mod extensions;
mod files;
mod lang;
mod looks;
mod output;
mod syslog;
mod templates;
mod token;
mod unlock;
mod wiring;

use std::ffi::OsString;
use std::process::ExitCode;

use crate::cli::Cli;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Glance;
use crate::output::Reply;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let glance = Glance::at(&arguments, |name| std::env::var_os(name));
    match cli::parse(arguments, glance.lang) {
        Ok(cli) => {
            let Cli { global, command, .. } = cli;
            let ctx = Ctx::new(global, glance.lang);
            let result = run(&ctx, command);
            output::finish(&ctx, result)
        }
        Err(shown) => output::usage(&shown, glance),
    }
}

fn run(ctx: &Ctx, command: cli::Command) -> Result<Reply, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(CliError::Runtime)?;
    runtime.block_on(commands::run(ctx, command))
}
