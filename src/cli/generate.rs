//! What a package ships beside the program: man pages and shell completions, both made from the command line itself.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell};
use clap_mangen::Man;

use super::{Cli, Failure};

const NAME: &str = "patron-display";

/// What the command line does not know about the program, for the end of its man page.
const SECTIONS: &str = include_str!("generate/sections.roff");

#[derive(Debug, Args)]
pub(super) struct GenerateArgs {
    /// What to write
    #[arg(value_enum)]
    what: What,

    /// Where to write it; made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// A man page for the program and one for each of its commands
    Man,
    /// Completions for bash, zsh and fish, and PowerShell
    Completions,
}

/// Writes the files.
pub(super) fn generate(arguments: &GenerateArgs) -> Result<u8, Failure> {
    let out = &arguments.out;
    fs::create_dir_all(out).map_err(|cause| Failure::File {
        path: out.clone(),
        cause,
    })?;
    match arguments.what {
        What::Man => {
            let mut program = Cli::command().disable_help_subcommand(true);
            program.build();
            man_page(program, SECTIONS, out)?;
        }
        What::Completions => completions(&shown(), out)?,
    }

    Ok(0)
}

/// The command line without its hidden commands, which completions would offer all the same.
fn shown() -> Command {
    let whole = Cli::command();
    let commands = whole.get_subcommands().filter(|below| !below.is_hide_set());

    Command::new(NAME)
        .version(env!("CARGO_PKG_VERSION"))
        .propagate_version(true)
        .args(whole.get_arguments())
        .subcommands(commands)
}

/// The page of a command, and of every command below it. `sections` come at the end.
fn man_page(command: Command, sections: &str, out: &Path) -> Result<(), Failure> {
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

    written.map_err(|cause| Failure::File { path, cause })
}

fn completions(program: &Command, out: &Path) -> Result<(), Failure> {
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell] {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut program.clone(), NAME, &mut script);
        // For bash, clap_complete 4.6 writes the hyphen of a program's name in two ways, and then finds no command
        // (clap-rs/clap#6421).
        let script =
            String::from_utf8_lossy(&script).replace("patron__subcmd__display", "patron__display");
        let path = out.join(shell.file_name(NAME));
        fs::write(&path, script).map_err(|cause| Failure::File { path, cause })?;
    }

    Ok(())
}
