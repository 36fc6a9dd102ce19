//! Reads `nft list ruleset`, configuration files and lines of nft commands. Tables and their content are in `block`, rules in
//! `statement`.

use std::sync::Arc;

use super::{
    block,
    cursor::{Cursor, Defines},
    lexer::{Kind, Token, tokens},
    tree::{Expr, RuleDef, Statement, Tree},
};
use crate::acl::{Doubt, File, Malformed, Place};

/// Files that include each other are followed this deep.
const MAX_INCLUDES: usize = 8;
/// Parts a variable may have, variables inside it included.
const MAX_VARIABLE: usize = 1 << 20;

/// Includes that are followed in all.
const MAX_FOLLOWED: usize = 256;

/// Files on their way into the tree.
pub struct Reader<'t> {
    /// What they are read into.
    pub tree: &'t mut Tree,
    /// All files, for includes.
    pub files: &'t [File],
    /// Variables.
    pub defines: &'t Defines,
    /// The files that are being read, outermost first.
    pub reading: Vec<usize>,
    /// Includes followed so far.
    pub followed: usize,
}

impl Reader<'_> {
    /// Reads the file of an index.
    pub fn file(&mut self, index: usize) -> Result<(), Malformed> {
        self.tokens_of(index, |reader, file, cursor| {
            cursor.blank(true);
            while cursor.peek().is_some() {
                let before = cursor.at;
                reader.command(file, cursor)?;
                cursor.at = cursor.at.max(before + 1);
                cursor.blank(true);
            }
            Ok(())
        })
    }

    /// Hands the tokens of a file to a function.
    pub fn tokens_of<T: Default>(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self, &File, &mut Cursor<'_, '_>) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        let (files, defines) = (self.files, self.defines);
        let Some(file) = files.get(index) else { return Ok(T::default()) };
        let tokens = tokens(&file.text);
        balanced(file, &tokens.all)?;
        let mut cursor =
            Cursor { tokens: &tokens.all, at: 0, depth: 0, defines, file: index, handles: &tokens.handles };
        self.reading.push(index);
        let found = read(self, file, &mut cursor);
        self.reading.pop();
        found
    }

    /// One command or table.
    fn command(&mut self, file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
        let place = place(cursor);
        let Some(Kind::Word(word)) = cursor.peek() else {
            return Err(unexpected(file, cursor, "no nftables command"));
        };
        if word == "table" {
            cursor.at += 1;
            return block::table(self, file, cursor);
        }
        self.tree.written.get_or_insert(place);
        cursor.at += 1;
        match word {
            // Scripts that call nft line by line.
            "sudo" => {}
            _ if word == "nft" || word.ends_with("/nft") || (word.starts_with('$') && is_command(cursor.peek())) => {
                if cursor.word("-f") || cursor.word("--file") {
                    let name = cursor.name().unwrap_or_default().to_owned();
                    skip(cursor);
                    return self.include(&name, place);
                }
                while matches!(cursor.peek(), Some(Kind::Word(option)) if option.starts_with('-')) {
                    cursor.at += 1;
                }
            }
            "define" | "redefine" => define(self.defines, file, cursor)?,
            "undefine" => {
                self.defines.borrow_mut().remove(cursor.name().unwrap_or_default());
            }
            "include" => {
                let name = cursor.name().unwrap_or_default().to_owned();
                self.include(&name, place)?;
            }
            "flush" | "delete" | "destroy" => block::remove(self, word, cursor, place),
            "add" | "create" | "insert" => return block::add(self, file, word, cursor),
            "chain" | "rule" | "set" | "map" | "element" => {
                cursor.at -= 1;
                return block::add(self, file, "add", cursor);
            }
            "replace" | "rename" => {
                self.gap(place, format!("{word} …"));
                skip(cursor);
            }
            "list" | "reset" | "monitor" | "describe" | "export" | "counter" | "quota" | "limit" | "ct"
            | "flowtable" => {
                skip(cursor);
            }
            _ => {
                cursor.at -= 1;
                return Err(unexpected(file, cursor, "no nftables command"));
            }
        }
        Ok(())
    }

    /// Brings in the files of a name or pattern, if they are among those given.
    fn include(&mut self, name: &str, place: Place) -> Result<(), Malformed> {
        for index in self.follow(name, place) {
            self.file(index)?;
        }
        Ok(())
    }

    /// The files that an include means; a gap in the rules where there are none.
    pub fn follow(&mut self, name: &str, place: Place) -> Vec<usize> {
        let found = named(self.files, name);
        let endless = found.iter().any(|index| self.reading.contains(index));
        self.followed += found.len();
        if found.is_empty() || endless || self.reading.len() > MAX_INCLUDES || self.followed > MAX_FOLLOWED {
            self.tree.gaps.push((place, Doubt::new("include-missing", name)));
            return Vec::new();
        }
        found
    }

    /// Something that may have changed rules in a way nobody can follow.
    pub fn gap(&mut self, place: Place, what: String) {
        self.tree.gaps.push((place, Doubt::new("not-understood", what)));
    }
}

/// Indices of the given files that an include means, by their names alone: the folder is the server's.
pub fn named(files: &[File], name: &str) -> Vec<usize> {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = last(name);
    let (before, after) = wanted.split_once('*').unwrap_or((&wanted, ""));
    let fits = |file: &File| {
        let have = last(&file.name);
        if wanted.contains('*') {
            have.len() >= before.len() + after.len() && have.starts_with(before) && have.ends_with(after)
        } else {
            !wanted.is_empty() && have == wanted
        }
    };
    let mut found: Vec<(String, usize)> =
        (0..).zip(files).filter(|(_, file)| fits(file)).map(|(at, file)| (file.name.to_string(), at)).collect();
    found.sort();
    found.into_iter().map(|(_, at)| at).collect()
}

/// Names that a text includes.
pub fn includes(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines().filter(|line| line.contains("include")) {
        for pair in tokens(line).all.windows(2) {
            if let [
                Token { kind: Kind::Word("include"), .. },
                Token { kind: Kind::Text(name) | Kind::Word(name), .. },
            ] = pair
            {
                names.push((*name).to_owned());
            }
        }
    }
    names
}

/// `define NAME = VALUE`, behind the first word.
pub fn define(defines: &Defines, file: &File, cursor: &mut Cursor<'_, '_>) -> Result<(), Malformed> {
    let name = cursor.name().map(str::to_owned);
    let (Some(name), true) = (name, cursor.mark("=")) else {
        return Err(unexpected(file, cursor, "no variable with its value"));
    };
    let mut reading = cursor.clone();
    let value = reading.value();
    skip(cursor);
    let value = value.filter(|value| cursor.at == reading.at && value.size() <= MAX_VARIABLE);
    let value = value.unwrap_or_else(|| Expr::Unknown(Doubt::new("variable", format!("${name}"))));
    defines.borrow_mut().insert(name, Arc::new(value));
    Ok(())
}

/// The place of the next token.
pub fn place(cursor: &Cursor<'_, '_>) -> Place {
    let token = cursor.tokens.get(cursor.at).or_else(|| cursor.tokens.last());
    Place::new(cursor.file, token.map_or(1, |token| token.line))
}

/// Goes to the end of a command: a line end or semicolon outside braces, or the brace that closes what is around it.
pub fn skip(cursor: &mut Cursor<'_, '_>) {
    let mut depth = 0_usize;
    while let Some(kind) = cursor.peek() {
        match kind {
            Kind::Mark("{") => depth += 1,
            Kind::Mark("}" | ";") | Kind::Newline if depth == 0 => return,
            Kind::Mark("}") => depth -= 1,
            Kind::Mark(_) | Kind::Newline | Kind::Word(_) | Kind::Text(_) => {}
        }
        cursor.at += 1;
    }
}

/// A rule that may do anything.
pub fn opaque(place: Place, doubt: Doubt) -> RuleDef {
    RuleDef { place, start: 0, handle: None, statements: vec![Statement::Unknown(doubt)] }
}

fn is_command(kind: Option<Kind<'_>>) -> bool {
    matches!(kind, Some(Kind::Word("add" | "insert" | "create" | "flush" | "delete" | "list" | "-f" | "table")))
}

/// What is wrong at the next token.
pub fn unexpected(file: &File, cursor: &Cursor<'_, '_>, what: &str) -> Malformed {
    let Some(token) = cursor.tokens.get(cursor.at) else {
        return Malformed::at(file, 0, 0, format!("the text ends where {what} may end"), ADVICE);
    };
    let shown: String = match token.kind {
        Kind::Word(text) | Kind::Text(text) | Kind::Mark(text) => text.chars().take(40).collect(),
        Kind::Newline => "the end of the line".to_owned(),
    };
    Malformed::at(file, token.line, column(file, token.start), format!("`{shown}` is {what}"), ADVICE)
}

const ADVICE: &str = "give the output of `nft list ruleset` or `nft -j list ruleset`, whole and as root";

fn column(file: &File, start: usize) -> u32 {
    let before = file.text.get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    u32::try_from(line.chars().count()).unwrap_or(u32::MAX).saturating_add(1)
}

/// A listing that is cut off has braces that nothing closes.
fn balanced(file: &File, tokens: &[Token<'_>]) -> Result<(), Malformed> {
    let mut open: Vec<&Token<'_>> = Vec::new();
    for token in tokens {
        match token.kind {
            Kind::Mark("{") => open.push(token),
            Kind::Mark("}") if open.pop().is_none() => {
                let what = "`}` closes nothing: the beginning of the listing is missing";
                return Err(Malformed::at(file, token.line, column(file, token.start), what, ADVICE));
            }
            Kind::Mark(_) | Kind::Word(_) | Kind::Text(_) | Kind::Newline => {}
        }
    }
    let Some(token) = open.last() else { return Ok(()) };
    let what = "nothing closes this `{`: the listing is cut off";
    Err(Malformed::at(file, token.line, column(file, token.start), what, ADVICE))
}
