//! `patron-display generate`: the man pages and shell completions of a package, made from the arguments.

use std::fs;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::{Generator, Shell};
use clap_mangen::Man;

use crate::cli::arguments::{Cli, GenerateArgs, GeneratedKind};
use crate::cli::failure::CommandError;
use crate::local_api::openapi;

const NAME: &str = "patron-display";

/// The last sections of the program's man page.
const SECTIONS: &str = include_str!("generate/sections.roff");

pub(super) fn generate(arguments: &GenerateArgs) -> Result<u8, CommandError> {
    let out = &arguments.out;
    fs::create_dir_all(out).map_err(|cause| CommandError::File {
        path: out.clone(),
        cause,
    })?;
    match arguments.kind {
        GeneratedKind::Man => {
            let mut program = Cli::command().disable_help_subcommand(true);
            program.build();
            man_page(program, SECTIONS, out)?;
        }
        GeneratedKind::Completions => completions(&shown(), out)?,
        GeneratedKind::OpenApi => {
            let path = out.join("local-api.openapi.json");
            fs::write(&path, openapi::text())
                .map_err(|cause| CommandError::File { path, cause })?;
        }
    }

    Ok(0)
}

/// Returns the command line without hidden commands, which the generator would otherwise include.
fn shown() -> Command {
    let whole = Cli::command();
    let commands = whole.get_subcommands().filter(|below| !below.is_hide_set());

    Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .args(whole.get_arguments())
        .subcommands(commands)
}

/// Writes the page of a command and of every command below it. `sections` come at the end.
fn man_page(command: Command, sections: &str, out: &Path) -> Result<(), CommandError> {
    for below in command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
    {
        man_page(below.clone(), "", out)?;
    }
    let page = Man::new(command).manual(NAME);
    let path = out.join(page.get_filename());
    let mut text = Vec::new();
    let written = page.render(&mut text).and_then(|()| {
        text.extend_from_slice(sections.as_bytes());

        fs::write(&path, text)
    });

    written.map_err(|cause| CommandError::File { path, cause })
}

fn completions(program: &Command, out: &Path) -> Result<(), CommandError> {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut program.clone(), NAME, &mut script);
        // For bash, clap_complete 4.6 writes the hyphen of a program's name in two ways, and then finds no command
        // (clap-rs/clap#6421).
        let script =
            String::from_utf8_lossy(&script).replace("patron__subcmd__display", "patron__display");
        let path = out.join(shell.file_name(NAME));
        fs::write(&path, script).map_err(|cause| CommandError::File { path, cause })?;
    }

    Ok(())
}
