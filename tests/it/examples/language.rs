//! The languages of the example tills, and how to run them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// An example till of the documentation that uses the local API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    Shell,
    Node,
    CSharp,
}

impl Language {
    /// Returns the command that runs the example. Without what it needs, says so and returns `None`.
    pub(super) fn command(self) -> Option<Command> {
        let folder = folder();
        let (needed, program, file): (&[&str], _, _) = match self {
            Self::Python => (&["python3"], "python3", folder.join("sell_http.py")),
            Self::Shell => (&["sh", "curl"], "sh", folder.join("sell_http.sh")),
            Self::Node => (&["node"], "node", folder.join("sell.mjs")),
            Self::CSharp => (&["mcs", "mono"], "mono", PathBuf::new()),
        };
        if let Some(missing) = needed.iter().find(|program| !is_installed(program)) {
            eprintln!(
                "SKIPPED: the example in {self:?} was not run, since there is no {missing} here"
            );

            return None;
        }
        let mut command = Command::new(program);
        command.arg(match self {
            Self::CSharp => compiled(&folder.join("Sell.cs")),
            _ => &file,
        });

        Some(command)
    }
}

/// The folder of the examples.
pub(super) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/till")
}

pub(super) fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();

    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Compiles the example in C# once.
fn compiled(source: &Path) -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("Sell.exe");
        let mut compiler = Command::new("mcs");
        for library in ["Net.Http", "Runtime.Serialization", "Xml", "Xml.Linq"] {
            compiler.arg(format!("-r:System.{library}.dll"));
        }
        let compiled = compiler
            .args(["-warnaserror", "-langversion:7"])
            .arg(format!("-out:{}", program.display()))
            .arg(source)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&compiled.stderr).into_owned();
        assert!(compiled.status.success(), "{said}");

        program
    })
}
