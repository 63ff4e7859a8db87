//! The borders between the folders of the program. The tests read the imports of every file.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test that cannot read the source has failed"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use syn::visit::{self, Visit};

/// A module's path from the root of the crate.
type ModulePath = Vec<String>;

/// One source file: its imports, the paths that it names, and its child modules.
#[derive(Default)]
struct Source {
    /// The names that `use` brings in, each with its full path.
    imports: BTreeMap<String, ModulePath>,
    /// The full paths that the file names: `crate::…` and paths into other crates.
    named: BTreeSet<ModulePath>,
    children: Vec<String>,
}

/// The program's modules without its tests.
struct Graph {
    files: BTreeMap<ModulePath, Source>,
    /// For each folder, the folders that its own files need.
    folders: BTreeMap<String, BTreeSet<String>>,
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|path| path.is_ident("test"))
    })
}

/// Collects the names in a file. `module` is the current module; it changes within inline modules.
struct Reader<'a> {
    module: ModulePath,
    source: &'a mut Source,
}

impl Reader<'_> {
    /// Returns the path from the root. Changes only a path that begins with `crate`, `self` or `super`.
    fn full(&self, path: &[String]) -> ModulePath {
        let mut full = match path.first().map(String::as_str) {
            Some("self" | "super") => self.with_root(self.module.len()),
            _ => Vec::new(),
        };
        for segment in path {
            match segment.as_str() {
                "self" => {}
                "super" => {
                    full.pop();
                }
                name => full.push(name.to_owned()),
            }
        }

        full
    }

    fn with_root(&self, length: usize) -> ModulePath {
        let root = std::iter::once("crate".to_owned());

        root.chain(self.module[..length].iter().cloned()).collect()
    }

    /// Resolves a path. Imports come first, then child modules, then crates of that name.
    fn resolve(&self, path: &[String]) -> ModulePath {
        let Some(first) = path.first() else {
            return Vec::new();
        };
        if let Some(import) = self.source.imports.get(first) {
            return import.iter().chain(&path[1..]).cloned().collect();
        }
        if self.source.children.contains(first) {
            let mut full = self.with_root(self.module.len());
            full.extend_from_slice(path);

            return full;
        }

        self.full(path)
    }

    fn name(&mut self, path: &[String]) {
        let full = self.resolve(path);
        if full.len() > 1 {
            self.source.named.insert(full);
        }
    }

    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let mut path = before.to_vec();
        match tree {
            syn::UseTree::Path(branch) => {
                path.push(branch.ident.to_string());
                self.import(&path, &branch.tree);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(&path, tree);
                }
            }
            syn::UseTree::Name(name) => self.bring_in(path, name.ident.to_string(), None),
            syn::UseTree::Rename(rename) => {
                self.bring_in(
                    path,
                    rename.ident.to_string(),
                    Some(rename.rename.to_string()),
                );
            }
            syn::UseTree::Glob(_) => self.name(&path),
        }
    }

    fn bring_in(&mut self, mut path: ModulePath, name: String, alias: Option<String>) {
        if name != "self" {
            path.push(name.clone());
        }
        let full = self.resolve(&path);
        let known_as = alias.unwrap_or_else(|| path.last().cloned().unwrap_or_default());
        self.source.named.insert(full.clone());
        if full.first() != Some(&known_as) {
            self.source.imports.insert(known_as, full);
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if is_for_tests(&module.attrs) || module.content.is_none() {
            return;
        }
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, import: &'ast syn::ItemUse) {
        self.import(&[], &import.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if segments.len() > 1 {
            self.name(&segments);
        }
        visit::visit_path(self, path);
    }

    /// Looks for paths among a macro's tokens, because a macro's inside is not parsed.
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let text = call.tokens.to_string().replace(" :: ", "::");
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':') {
            let segments: Vec<_> = word.split("::").map(str::to_owned).collect();
            if segments.len() > 1 && !segments.iter().any(String::is_empty) {
                self.name(&segments);
            }
        }
        visit::visit_macro(self, call);
    }
}

impl Graph {
    /// Reads the whole crate from its root.
    fn of(source: &Path) -> Self {
        let mut graph = Self {
            files: BTreeMap::new(),
            folders: BTreeMap::new(),
        };
        graph.read(source, &source.join("lib.rs"), Vec::new());
        for module in graph.files.keys().filter(|module| !module.is_empty()) {
            let needed = graph
                .needs(module)
                .into_iter()
                .map(|needed| needed[0].clone());
            graph
                .folders
                .entry(module[0].clone())
                .or_default()
                .extend(needed.filter(|needed| *needed != module[0]));
        }

        graph
    }

    fn read(&mut self, root: &Path, file: &Path, module: ModulePath) {
        let text = fs::read_to_string(file).expect("source");
        let parsed = syn::parse_file(&text).expect("Rust");
        let mut source = Source::default();
        for item in &parsed.items {
            let syn::Item::Mod(child) = item else {
                continue;
            };
            if is_for_tests(&child.attrs) || child.content.is_some() {
                continue;
            }
            let name = child.ident.to_string();
            let mut path = module.clone();
            path.push(name.clone());
            let folder = root.join(path.join("/"));
            self.read(root, &folder.with_extension("rs"), path);
            source.children.push(name);
        }
        let mut reader = Reader {
            module: module.clone(),
            source: &mut source,
        };
        // Reads the imports first, because a path may come before the `use` that it needs.
        for item in &parsed.items {
            if let syn::Item::Use(import) = item {
                reader.visit_item_use(import);
            }
        }
        reader.visit_file(&parsed);
        self.files.insert(module, source);
    }

    /// Returns the file that defines the item at this path. Follows each `use` that re-exports the item.
    fn file_of(&self, path: &[String]) -> Option<ModulePath> {
        let mut path = path.strip_prefix(&["crate".to_owned()])?.to_vec();
        for _ in 0..8 {
            let length = (0..=path.len())
                .rev()
                .find(|length| self.files.contains_key(&path[..*length]))?;
            let (module, inside) = path.split_at(length);
            let passed_on = inside
                .first()
                .and_then(|name| self.files[module].imports.get(name))
                .filter(|full| full.first().is_some_and(|first| first == "crate"));
            let Some(full) = passed_on else {
                return Some(module.to_vec());
            };
            path = full[1..].iter().chain(&inside[1..]).cloned().collect();
        }

        None
    }

    /// Returns the files that a file needs.
    fn needs(&self, module: &ModulePath) -> BTreeSet<ModulePath> {
        self.files[module]
            .named
            .iter()
            .filter_map(|path| self.file_of(path))
            .filter(|needed| needed != module && !needed.is_empty())
            .collect()
    }

    fn files_of<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a ModulePath> {
        self.files
            .keys()
            .filter(move |module| module.first().is_some_and(|first| first == folder))
    }

    fn direct(&self, folder: &str) -> &BTreeSet<String> {
        &self.folders[folder]
    }

    /// Returns the folders that a folder needs, directly or through other folders.
    fn all(&self, folder: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for needed in self.direct(&next) {
                if found.insert(needed.clone()) {
                    open.push(needed.clone());
                }
            }
        }

        found
    }

    /// Returns the full paths into other crates that a folder's files name, such as `std::fs::read`.
    fn foreign(&self, folder: &str) -> BTreeSet<String> {
        self.files_of(folder)
            .flat_map(|module| &self.files[module].named)
            .filter(|path| path[0] != "crate")
            .map(|path| path.join("::"))
            .collect()
    }
}

/// The graph of the program, parsed once for all tests.
fn program() -> &'static Graph {
    static PROGRAM: OnceLock<Graph> = OnceLock::new();

    PROGRAM.get_or_init(|| Graph::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")))
}

/// Crates and modules that reach outside of the process, read a clock or draw.
const WORLD: [&str; 15] = [
    "axum",
    "fastrand",
    "iced",
    "iced_runtime",
    "jiff::Timestamp::now",
    "reqwest",
    "rusqlite",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "tokio",
    "tracing",
];

fn foreign_that_is_forbidden(graph: &Graph, folder: &str, forbidden: &[&str]) -> Vec<String> {
    graph
        .foreign(folder)
        .into_iter()
        .filter(|path| {
            forbidden.iter().any(|forbidden| {
                path.strip_prefix(forbidden)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
            })
        })
        // `tokio::sync` only waits for values of other threads. It reaches nothing outside.
        .filter(|path| !path.starts_with("tokio::sync::"))
        .collect()
}

fn set(folders: &[&str]) -> BTreeSet<String> {
    folders.iter().map(|folder| (*folder).to_owned()).collect()
}

#[test]
fn pure_folders_need_only_pure_folders() {
    let graph = program();
    for (folder, allowed) in [
        ("text", &[][..]),
        ("domain", &["text"]),
        ("qr", &[]),
        ("sale", &["domain", "qr", "text"]),
    ] {
        let more: Vec<_> = graph
            .all(folder)
            .difference(&set(allowed))
            .cloned()
            .collect();
        assert!(more.is_empty(), "{folder} needs {more:?}");
    }
    for folder in ["domain", "qr", "sale"] {
        let found = foreign_that_is_forbidden(graph, folder, &WORLD);
        assert!(found.is_empty(), "{folder} names {found:?}");
    }
}

#[test]
fn inner_folders_know_no_screens() {
    let graph = program();
    for folder in ["centrapay", "journal", "runtime", "refund", "local_api"] {
        for outer in ["app", "cli"] {
            assert!(!graph.all(folder).contains(outer), "{folder} needs {outer}");
        }
        let found = foreign_that_is_forbidden(graph, folder, &["iced", "iced_runtime"]);
        assert!(found.is_empty(), "{folder} names {found:?}");
    }
}

#[test]
fn screens_call_nothing_and_open_no_file() {
    let graph = program();
    for inner in ["centrapay", "journal", "sandbox", "files"] {
        assert!(!graph.direct("app").contains(inner), "app needs {inner}");
    }
    let forbidden = ["reqwest", "rusqlite", "axum", "std::fs", "std::net"];
    let found = foreign_that_is_forbidden(graph, "app", &forbidden);
    assert!(found.is_empty(), "app names {found:?}");
}

/// Returns the groups of folders that need each other, directly or through other folders.
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let needs: BTreeMap<&str, BTreeSet<String>> = graph
        .folders
        .keys()
        .map(|folder| (folder.as_str(), graph.all(folder)))
        .collect();
    let groups: BTreeSet<BTreeSet<String>> = needs
        .iter()
        .filter(|(folder, all)| all.contains(**folder))
        .map(|(folder, all)| {
            all.iter()
                .filter(|other| needs[other.as_str()].contains(*folder))
                .cloned()
                .collect()
        })
        .collect();

    groups.into_iter().collect()
}

#[test]
fn no_folders_need_each_other() {
    let found = circles(program());
    assert!(found.is_empty(), "{found:?}");
}

/// Returns the groups of files that need each other. A module and its own children count as one file.
fn file_circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let is_family = |a: &ModulePath, b: &ModulePath| a.starts_with(b) || b.starts_with(a);
    let direct: BTreeMap<&ModulePath, BTreeSet<ModulePath>> = graph
        .files
        .keys()
        .map(|module| {
            let mut needed = graph.needs(module);
            needed.retain(|needed| !is_family(needed, module));

            (module, needed)
        })
        .collect();
    let reached = |start: &ModulePath| {
        let mut found = BTreeSet::new();
        let mut open = vec![start.clone()];
        while let Some(next) = open.pop() {
            for needed in &direct[&next] {
                if found.insert(needed.clone()) {
                    open.push(needed.clone());
                }
            }
        }

        found
    };
    let all: BTreeMap<&ModulePath, BTreeSet<ModulePath>> = direct
        .keys()
        .map(|module| (*module, reached(module)))
        .collect();
    let groups: BTreeSet<BTreeSet<String>> = all
        .iter()
        .filter(|(module, needed)| needed.contains(**module))
        .map(|(module, needed)| {
            needed
                .iter()
                .filter(|other| all[other].contains(*module))
                .map(|other| other.join("/"))
                .collect()
        })
        .collect();

    groups.into_iter().collect()
}

#[test]
fn no_files_need_each_other() {
    let found = file_circles(program());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn planted_violations_are_found() {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        ("lib.rs", "mod sale; mod between; mod cli; mod innocent;"),
        ("sale.rs", "mod deep; pub use deep::Thing;"),
        (
            "sale/deep.rs",
            "pub struct Thing; use crate::{between as other}; fn f() { other::g(); std::fs::read(x); }",
        ),
        (
            "between.rs",
            "fn g() { println!(\"{}\", crate::cli::NAME); }",
        ),
        ("cli.rs", "use crate::sale::Thing;"),
        (
            "innocent.rs",
            "#[cfg(test)] mod tests { use crate::cli::NAME; }",
        ),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let graph = Graph::of(folder.path());

    assert_eq!(*graph.direct("sale"), set(&["between"]));
    assert_eq!(graph.all("sale"), set(&["between", "cli", "sale"]));
    assert_eq!(graph.all("innocent"), set(&[]));
    assert_eq!(circles(&graph), [set(&["between", "cli", "sale"])]);
    assert_eq!(
        file_circles(&graph),
        [set(&["between", "cli", "sale/deep"])]
    );
    assert_eq!(
        foreign_that_is_forbidden(&graph, "sale", &WORLD),
        ["std::fs::read"]
    );
    let thing = ["crate", "sale", "Thing"].map(str::to_owned);
    assert_eq!(graph.file_of(&thing).unwrap(), ["sale", "deep"]);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    const LONGEST: usize = 500;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let lines = fs::read_to_string(&path).map_or(0, |text| text.lines().count());
            assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
        }
    }
}

/// Returns the fault numbers in a test's name: 8 and 54 for `f8_f54_a_name`.
fn numbers(name: &str) -> Vec<u32> {
    name.split('_')
        .map_while(|part| part.strip_prefix('f')?.parse().ok())
        .collect()
}

/// Returns the names of the tests in a file, found by the text of their attribute.
fn tests(text: &str) -> impl Iterator<Item = &str> {
    ["#[test]", "#[tokio::test"]
        .into_iter()
        .flat_map(|marked| text.split(marked).skip(1))
        .filter_map(|after| Some(after.split_once("fn ")?.1))
}

#[test]
fn every_fault_has_a_test_with_its_number() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let explained: Vec<u32> = fs::read_to_string(root.join("docs/faults.md"))
        .expect("the table of faults")
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(explained, (1..=89).collect::<Vec<_>>());
    let mut tested = Vec::new();
    let mut folders = vec![root.join("src"), root.join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            // A test that the sandbox can make a fault proves nothing about the display.
            if path.ends_with("sandbox/tests") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap_or_default();
            tested.extend(tests(&text).flat_map(numbers));
        }
    }
    for fault in &explained {
        assert!(tested.contains(fault), "fault {fault} has no test");
    }
    for number in tested {
        assert!(explained.contains(&number), "there is no fault {number}");
    }
}
