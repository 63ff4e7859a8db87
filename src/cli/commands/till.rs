//! `patron-display till`: adds, lists and removes the tills that may call the resident display.
//!
//! It works while a display runs, which reads the file at each call.

use std::io::{self, ErrorKind, Write, stdout};
use std::path::Path;

use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use serde::Serialize;

use crate::cli::arguments::{Common, TillAddArgs, TillArgs, TillCommand};
use crate::cli::failure::{CommandError, printed, warn};
use crate::cli::session::data_directory;
use crate::local_api::tills::{NewTill, Right, Till, TillName, Tills, WebOrigin};
use crate::text::printable::{self, Lines, spelled};

pub(super) fn till(common: &Common, arguments: &TillArgs) -> Result<u8, CommandError> {
    let directory = data_directory(common)?;
    match &arguments.command {
        TillCommand::Add(new) => add(&directory, new, common.json)?,
        TillCommand::List => list(&directory, common.json)?,
        TillCommand::Remove { name } => remove(&directory, name, common.json)?,
    }

    Ok(0)
}

/// A till in the output of `--json`.
#[derive(Serialize)]
struct TillEvent<'a> {
    event: &'static str,
    name: &'a TillName,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    origins: &'a [WebOrigin],
    may: Vec<Right>,
    added: String,
}

impl<'a> TillEvent<'a> {
    fn new(event: &'static str, till: &'a Till, token: Option<&'a str>) -> Self {
        Self {
            event,
            name: &till.name,
            token,
            origins: &till.origins,
            may: till.may.iter().copied().collect(),
            added: till.added.to_string(),
        }
    }
}

fn add(directory: &Path, arguments: &TillAddArgs, json: bool) -> Result<(), CommandError> {
    let new = NewTill {
        name: arguments.name.clone(),
        origins: arguments.origins.clone(),
        may: arguments.may.iter().copied().map(Right::from).collect(),
    };
    let (till, token) = Tills::add(directory, new)?;
    let token = token.expose_secret();
    let told = match json {
        true => printable::json_line(stdout(), &TillEvent::new("till", &till, Some(token))),
        false => writeln!(stdout(), "{token}"),
    };
    if let Err(error) = told.and_then(|()| stdout().flush()) {
        // No one has the token, so the till is of no use.
        Tills::remove(directory, till.name.as_str())?;

        return Err(CommandError::Token(error));
    }
    warn(&format_args!(
        "this token of the till {:?} is shown only this once; put it into the settings of the till, where no one else can \
         read it. If it is lost or seen by others, remove the till and add it again",
        till.name.as_str()
    ));

    Ok(())
}

fn list(directory: &Path, json: bool) -> Result<(), CommandError> {
    let tills = Tills::load(directory)?;
    let mut out = stdout().lock();
    let listed = match json {
        true => tills.iter().try_for_each(|till| {
            printable::json_line(&mut out, &TillEvent::new("till", till, None))
        }),
        false => table(&tills, &mut out),
    };

    match listed.and_then(|()| out.flush()) {
        // The reader, such as `head`, has closed the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        listed => listed.map_err(CommandError::Output),
    }
}

fn table(tills: &Tills, out: &mut impl Write) -> io::Result<()> {
    if tills.iter().len() == 0 {
        return writeln!(
            out,
            "No till may call the display. To add one: patron-display till add NAME"
        );
    }
    writeln!(
        out,
        "{:<10}  {:<28}  {:<40}  ORIGINS",
        "ADDED", "RIGHTS", "NAME"
    )?;
    for till in tills.iter() {
        let rights: Vec<&str> = till.may.iter().map(|right| right.word()).collect();
        let origins: Vec<&str> = till.origins.iter().map(WebOrigin::as_str).collect();
        let origins = if origins.is_empty() {
            "-".to_owned()
        } else {
            origins.join(" ")
        };
        writeln!(
            out,
            "{:<10}  {:<28}  {:<40}  {origins}",
            till.added
                .to_zoned(TimeZone::system())
                .strftime("%Y-%m-%d")
                .to_string(),
            rights.join(","),
            spelled(till.name.as_str(), Lines::Spell),
        )?;
    }

    Ok(())
}

fn remove(directory: &Path, name: &str, json: bool) -> Result<(), CommandError> {
    let till = Tills::remove(directory, name)?;
    let sentence = format!(
        "Removed {}: its token is refused from now on.",
        spelled(till.name.as_str(), Lines::Spell)
    );
    let told = match json {
        true => printable::json_line(stdout(), &TillEvent::new("till-removed", &till, None)),
        false => writeln!(stdout(), "{sentence}"),
    };
    printed(&sentence, told);

    Ok(())
}
