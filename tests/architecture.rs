//! The walls of the house, held by reading the sources: who may use whom, how long a file may be, what must not be there.

use scimf::protocol::ModelKind;
use scimf::protocol::formats::{FORMATS, Format, Holds};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Lines of a source file before its tests; a longer one holds a second concept.
const LONGEST_FILE: usize = 400;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` with the extension, as paths relative to the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The source without its line comments.
fn code(file: &Path) -> String {
    read(file).lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Rank of each module, from the table in the documentation of `file`: floor by floor, and on a floor from left to right.
fn ranks(file: &str) -> BTreeMap<String, usize> {
    let text = read(Path::new(file));
    let rows = text.lines().filter_map(|line| {
        let mut columns = line.strip_prefix("//! |")?.split('|').map(str::trim);
        columns.next()?.parse::<u32>().ok()?;
        columns.next()
    });
    let names = rows.flat_map(|row| row.split(',')).map(|name| name.trim_matches([' ', '[', ']', '`']).to_owned());
    names.enumerate().map(|(rank, name)| (name, rank)).collect()
}

/// The modules that the program or library `file` declares.
fn declared(file: &str) -> Vec<String> {
    let module = |line: &str| {
        let line = line.trim();
        line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    };
    code(Path::new(file)).lines().filter_map(module).collect()
}

/// A source folder whose modules stand on floors: the file with the table, the folder, and the depth of a module in its paths.
const HOUSES: [(&str, &str, usize); 2] = [("src/lib.rs", "src", 1), ("app/src/main.rs", "app/src", 2)];

/// The modules that stand behind `prefix` (`crate::` or `scimf::`) anywhere in the code. A re-export of the crate's root counts as `error`.
fn used_modules(code: &str, prefix: &str) -> Vec<String> {
    let whole_word = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix).filter(|&(at, _)| whole_word(at)) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(group) => names.extend(heads_of_group(group)),
            None => names.push(first_word(rest)),
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    let is_type = |name: &str| name.starts_with(char::is_uppercase);
    names.into_iter().map(|name| if is_type(&name) { "error".to_owned() } else { name }).collect()
}

fn first_word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// `a::{b, c}, d::e}` gives `a`, `d`.
fn heads_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut heads, mut expects_head) = (0, Vec::new(), true);
    for (at, c) in group.char_indices() {
        match c {
            '}' if depth == 0 => break,
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => expects_head = true,
            c if expects_head && !c.is_whitespace() => {
                heads.push(first_word(&group[at..]));
                expects_head = false;
            }
            _ => {}
        }
    }
    heads
}

/// The top module of a file: the name at `depth` of its path.
fn module_of(file: &Path, depth: usize) -> String {
    let part = file.components().nth(depth).expect("a file of a source folder").as_os_str();
    Path::new(part).file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn the_reader_of_use_lines_reads() {
    let code = "use crate::{error::{Error, Result}, data::Matrix,\n Array};\nlet x = crate::model::new();\nuse mycrate::other;";
    assert_eq!(used_modules(code, "crate::"), ["error", "data", "error", "model"]);
}

#[test]
fn every_module_stands_on_a_floor() {
    for (table, ..) in HOUSES {
        let (ranks, declared) = (ranks(table), declared(table));
        assert!(declared.len() > 5, "{table} declares its modules as `mod name;`");
        let missing: Vec<_> = declared.iter().filter(|name| !ranks.contains_key(*name)).collect();
        assert!(missing.is_empty(), "not in the table of {table}: {missing:?}");
        let gone: Vec<_> = ranks.keys().filter(|name| !declared.contains(name)).collect();
        assert!(gone.is_empty(), "in the table of {table}, but no module: {gone:?}");
    }
}

#[test]
fn modules_use_only_what_is_below_or_to_their_left() {
    let mut wrong = Vec::new();
    for (table, folder, depth) in HOUSES {
        let ranks = ranks(table);
        for file in files(folder, "rs") {
            let own = module_of(&file, depth);
            // The root declares the modules, a program stands on top of all.
            let Some(rank) = ranks.get(&own) else { continue };
            for used in used_modules(&code(&file), "crate::") {
                match ranks.get(&used) {
                    Some(lower) if lower <= rank => {}
                    Some(_) => wrong.push(format!("{} ({own}) uses {used}, which stands above it", file.display())),
                    None => wrong.push(format!("{} uses {used}, which is no module of the table", file.display())),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_page_knows_only_protocol_and_figures() {
    let program = Path::new("app/src/main.rs");
    let modules = declared("app/src/main.rs");
    let mut wrong = Vec::new();
    for file in files("app/src", "rs") {
        if file != program && !modules.contains(&module_of(&file, 2)) {
            continue;
        }
        for used in used_modules(&code(&file), "scimf::") {
            if !["protocol", "figure"].contains(&used.as_str()) {
                wrong.push(format!("{} uses scimf::{used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Where a model may be called by its name: its room, its card, and the file formats of the two that were published with one.
const NAMES_A_MODEL: [&str; 3] = ["src/models", "src/protocol/cards", "src/data/weights"];

/// The rooms: folders of `src/models` with a file `room.rs`. What they share, `fitted`, has one, too, but is none.
fn rooms() -> Vec<String> {
    let rooms = files("src/models", "rs").into_iter().filter(|file| file.ends_with("room.rs"));
    let names = rooms.filter_map(|file| Some(file.parent()?.file_name()?.to_string_lossy().into_owned()));
    let rooms: Vec<String> = names.filter(|name| !["models", "fitted"].contains(&name.as_str())).collect();
    assert_eq!(rooms.len(), ModelKind::ALL.len(), "{rooms:?}");
    rooms
}

/// A model that is added is a folder, an arm and a card. What stands above asks for an ability: it has no name, key or variant of a model, and no
/// path into a room. Doc comments of the command line are its help and are held to the same.
#[test]
fn above_the_models_no_source_names_one() {
    let names = ModelKind::ALL.iter().flat_map(|kind| {
        let card = kind.card();
        [format!("ModelKind::{kind:?}"), card.name.to_owned(), format!("\"{}\"", card.key)]
    });
    // The program has the name of the first model.
    let names: Vec<String> = names.filter(|name| name != "\"scimf\"").collect();
    let rooms = rooms();
    let mut found = Vec::new();
    for file in files("src", "rs") {
        let path = file.to_string_lossy().into_owned();
        let apart = |folder: &&str| path.starts_with(&format!("{folder}/")) || path == format!("{folder}.rs");
        let source = if path.starts_with("src/cli") { read(&file) } else { code(&file) };
        // Tests at the foot of a file may take a model as an example.
        let source = source.split("#[cfg(test)]").next().unwrap_or_default().replace("scIMF Explorer", "");
        if NAMES_A_MODEL.iter().any(apart) || READS_OLD_FILES.contains(&path.as_str()) {
            continue;
        }
        found.extend(names.iter().filter(|name| source.contains(name.as_str())).map(|name| format!("{path}: {name}")));
        let entered = used_modules(&source, "models::").into_iter().filter(|module| rooms.contains(module));
        found.extend(entered.map(|room| format!("{path}: models::{room}")));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// Files that read what versions before there were cards wrote, or that hand the typed settings of a room through.
const READS_OLD_FILES: [&str; 3] = ["src/protocol.rs", "src/protocol/recipe.rs", "src/data/bundle.rs"];

#[test]
fn what_is_compiled_for_speed_knows_nothing_of_the_house() {
    for file in files("host/src", "rs").into_iter().chain(files("dense/src", "rs")) {
        let text = code(&file);
        assert!(!text.contains("scimf::") && !text.contains("burn"), "{}", file.display());
        let lines = read(&file).lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
        assert!(lines <= LONGEST_FILE, "{}: {lines} lines", file.display());
    }
}

/// Files of the page that may name a model: its own explanations, and how pages wrote before models had cards.
const PAGE_NAMES_A_MODEL: [&str; 2] = ["app/src/view/help/landscape.rs", "app/src/view_state/before_cards.rs"];

/// Names of the models as their cards have them, and as variants of `ModelKind`.
fn names_of_models() -> Vec<String> {
    let cards = code(Path::new("src/protocol/cards.rs"));
    let (_, list) = cards.split_once("pub enum ModelKind {").expect("the list of models");
    let variants = list.split('}').next().unwrap().lines().filter_map(|line| line.trim().strip_suffix(','));
    let mut names: Vec<String> = variants.map(str::to_owned).collect();
    assert!(names.len() >= 2, "{names:?}");
    for file in files("src/protocol/cards", "rs") {
        let text = read(&file);
        if let Some((_, card)) = text.split_once("pub const CARD: Card = Card {") {
            let name = card.lines().find_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","));
            names.push(name.expect("a card has a name").to_owned());
        }
    }
    names
}

#[test]
fn the_page_names_no_model() {
    let names = names_of_models();
    let mut found = Vec::new();
    for file in
        files("app/src", "rs").into_iter().filter(|file| !PAGE_NAMES_A_MODEL.iter().any(|own| file == Path::new(own)))
    {
        // The name of the page is that of a model, too.
        let text = read(&file).replace("scIMF Explorer", "").replace("the command line program scimf", "");
        found
            .extend(names.iter().filter(|name| text.contains(*name)).map(|name| format!("{}: {name}", file.display())));
    }
    assert!(found.is_empty(), "a card says it, or a view asks for an ability:\n{}", found.join("\n"));
}

/// A number in a message that refuses something is of the table of limits. Readers of files have bounds of their own formats.
#[test]
fn what_is_refused_beyond_a_number_has_it_in_one_table() {
    let mut found = Vec::new();
    for file in files("src", "rs").into_iter().filter(|file| !file.starts_with("src/data")) {
        let text = code(&file);
        let own = text.split("const MOST").skip(1).map(|rest| format!("MOST{}", first_word(rest)));
        found.extend(own.filter(|name| text.contains(&format!("{{{name}}}"))).map(|name| (file.clone(), name)));
    }
    assert!(found.is_empty(), "not in src/protocol/limits.rs: {found:?}");
}

#[test]
fn files_hold_one_concept() {
    let long: Vec<_> = ["src", "app/src", "xtask/src"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .map(|file| (read(&file).lines().take_while(|line| line.trim() != "#[cfg(test)]").count(), file))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
}

/// Long work is done in bounded pieces. `advance` does one and returns what it completed, none while there is more to do. An update in progress
/// says of a piece that it diverged, too.
#[test]
fn bounded_work_has_one_shape() {
    let shapes = ["Option<", "Result<Option<", "Result<Piece>"];
    let (mut found, mut wrong) = (0, Vec::new());
    for file in files("src", "rs") {
        let code = code(&file);
        for (at, _) in code.match_indices("fn advance(") {
            let signature = code[at..].split(['{', ';']).next().unwrap_or_default();
            let returned = signature.rsplit_once("-> ").map_or("nothing", |(_, returned)| returned.trim());
            let returned = returned.strip_prefix("impl Future<Output = ").unwrap_or(returned);
            found += 1;
            if !shapes.iter().any(|shape| returned.starts_with(shape)) {
                wrong.push(format!("{}: {returned}", file.display()));
            }
        }
    }
    assert!(found > 20 && wrong.is_empty(), "{found} found, of another shape:\n{}", wrong.join("\n"));
}

/// A format is told once: what the list says has a fuzz target and stands in the documentation and in the message about unknown files.
#[test]
fn every_file_format_is_fuzzed_and_documented() {
    let (list, said) = (read(Path::new("docs/FILES.md")), read(Path::new("src/data/study/parts.rs")));
    let (_, said) = said.split_once("const KNOWN").expect("the message about unknown files");
    let said = said.split(';').next().unwrap_or_default();
    for Format { words, endings, holds, fuzz } in FORMATS {
        assert!(root().join(format!("fuzz/fuzz_targets/{fuzz}.rs")).is_file(), "{words}: no fuzz target {fuzz}");
        // Weights are told of elsewhere.
        if holds != Holds::Weights {
            assert!(endings.iter().any(|ending| list.contains(ending)), "{words}: not in docs/FILES.md");
            let named = endings.iter().any(|ending| said.contains(ending.trim_start_matches('.')));
            assert!(named, "{words}: the message about unknown files does not name it");
        }
    }
}

/// Parts of a session, and the file that alone writes each: their fields are its own.
const PARTS: [(&str, &str); 5] = [
    ("datasets", "Datasets"),
    ("models", "Models"),
    ("training", "Trainings"),
    ("job", "Jobs"),
    ("simulation", "Simulations"),
];

#[test]
fn each_part_of_a_session_is_written_by_one_file() {
    let session = code(Path::new("src/session.rs"));
    let (_, fields) = session.split_once("pub struct Session {").expect("the session");
    let fields = fields.split('}').next().unwrap();
    for (file, part) in PARTS {
        assert!(fields.contains(&format!(": {part},")), "the session has no {part}");
        let text = code(&PathBuf::from(format!("src/session/{file}.rs")));
        let (_, body) = text.split_once(&format!("pub(super) struct {part}")).expect(part);
        let body = body.split(['}', ';']).next().unwrap();
        assert!(!body.contains("pub"), "fields of {part} can be written from elsewhere: {body}");
    }
    let whole = ["Option<", "Vec<", "VecDeque<", "BTreeMap<"];
    let bare: Vec<_> = fields.lines().filter(|field| whole.iter().any(|kind| field.contains(kind))).collect();
    assert_eq!(bare.len(), 1, "only the device stands in the session itself: {bare:?}");
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TODO", "FIXME", "XXX", "todo!(", "unimplemented!(", "issue #"];
    let mut found = Vec::new();
    for file in ["src", "app/src", "xtask/src"].iter().flat_map(|folder| files(folder, "rs")) {
        let text = read(&file);
        found.extend(
            words.iter().filter(|word| text.contains(**word)).map(|word| format!("{}: {word}", file.display())),
        );
    }
    assert!(found.is_empty(), "{found:?}");
}

/// Ways to burn's product of matrices on a GPU, which alone would be a quarter of the engine that a browser loads.
const BURNS_PRODUCTS: [&str; 6] =
    [".matmul(", "Tensor::matmul", "float_matmul", "nn::Linear", "module::linear", "einsum"];

#[test]
fn products_of_matrices_are_computed_in_one_room() {
    let mut found = Vec::new();
    let room = |file: &Path| file == Path::new("src/product.rs") || file.starts_with("src/product");
    for file in files("src", "rs").into_iter().filter(|file| !room(file)) {
        let code = code(&file);
        let of_a_layer = code.lines().any(|line| line.contains("burn::nn") && line.contains("Linear"));
        let called = BURNS_PRODUCTS.iter().filter(|way| code.contains(**way)).copied();
        found.extend(called.chain(of_a_layer.then_some("Linear")).map(|way| format!("{}: {way}", file.display())));
    }
    assert!(found.is_empty(), "take crate::product and crate::models::linear:\n{}", found.join("\n"));
    let room = code(Path::new("src/product/launched.rs"));
    let room = room.split("#[cfg(test)]").next().unwrap_or_default();
    let elsewhere = "#[cfg(not(target_arch = \"wasm32\"))]\nfn elsewhere";
    assert!(
        room.contains(elsewhere) && room.matches("Cube::float_matmul").count() == 1,
        "a browser's program has none"
    );
}

/// It panics in a browser. `web_time` is the same thing elsewhere.
#[test]
fn no_clock_of_the_standard_library() {
    let uses =
        |file: &PathBuf| ["std::time::Instant", "std::time::SystemTime"].iter().any(|clock| code(file).contains(clock));
    let found: Vec<_> = ["src", "app/src"].iter().flat_map(|folder| files(folder, "rs")).filter(uses).collect();
    assert!(found.is_empty(), "{found:?}");
}

/// Where `unsafe` stands, each with its reason beside it. A file that is added here needs one.
const UNSAFE: [&str; 2] = ["app/src/worker.rs", "fuzz/src/meter.rs"];

#[test]
fn unsafe_code_stands_in_named_files_alone() {
    let is_unsafe = |file: &PathBuf| {
        let code = code(file);
        let word = |at: usize| {
            let part = |c: char| c.is_alphanumeric() || "_-'\"".contains(c);
            !code[..at].ends_with(part) && !code[at + "unsafe".len()..].starts_with(part)
        };
        code.match_indices("unsafe").any(|(at, _)| word(at))
    };
    let found: Vec<_> = ["src", "app/src", "xtask/src", "tests", "fuzz/src", "fuzz/fuzz_targets"]
        .iter()
        .flat_map(|folder| files(folder, "rs"))
        .filter(|file| !file.starts_with("tests/architecture.rs") && is_unsafe(file))
        .collect();
    assert_eq!(found, UNSAFE.map(PathBuf::from));
    assert!(read(Path::new("Cargo.toml")).contains("unsafe_code = \"deny\""), "the compiler holds it elsewhere");
    for member in ["Cargo.toml", "app/Cargo.toml", "xtask/Cargo.toml"] {
        assert!(read(Path::new(member)).contains("[lints]\nworkspace = true"), "{member}");
    }
}

#[test]
fn the_page_has_a_policy_that_keeps_data_in() {
    let html = read(Path::new("index.html"));
    let (_, policy) = html.split_once("Content-Security-Policy\" content=\"").expect("a policy");
    let policy: BTreeMap<_, _> =
        policy.split('"').next().unwrap().split(';').filter_map(|directive| directive.trim().split_once(' ')).collect();
    assert_eq!(policy["default-src"], "'none'");
    assert_eq!(policy["connect-src"], "'self'");
    // Only a worker from a blob: address inherits the policy; 'self' is there for the service worker, see below.
    assert_eq!(policy["worker-src"], "'self' blob:");
    assert_eq!(policy["manifest-src"], "'self'");
    assert_eq!(policy["require-trusted-types-for"], "'script'");
    assert_eq!(policy["trusted-types"], "default", "one policy, made once");
    assert!(!policy.values().any(|sources| sources.contains("unsafe-inline") || sources.contains('*')), "{policy:?}");
}

/// No policy of the page holds in it, so its text must: it asks for files that it lists, and no data of the page can reach it.
#[test]
fn the_service_worker_asks_for_its_own_files_only() {
    let script = read(Path::new("public/sw.js"));
    let asked: Vec<_> = script.match_indices("fetch(").map(|(at, _)| &script[at..]).collect();
    assert!(!asked.is_empty());
    for call in asked {
        assert!(call.starts_with("fetch(address(file)"), "{}", call.lines().next().unwrap());
    }
    let address = script.lines().find(|line| line.starts_with("const address = ")).expect("where files are asked for");
    assert!(address.ends_with(", registration.scope);") && !address.contains("//"), "{address}");
    for other in ["XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts", "import(", "eval("] {
        assert!(!script.contains(other), "{other}");
    }
    assert_eq!(script.matches("event.data").count(), 1, "one word is compared, nothing is taken");
    let pages: Vec<_> =
        files("app/src", "rs").into_iter().filter(|file| code(file).contains("serviceWorker")).collect();
    assert_eq!(pages, [Path::new("app/src/offline.rs")], "one place of the page speaks to it");
}
