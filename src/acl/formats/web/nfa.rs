//! A small automaton for regular expressions, walked byte by byte, so that a pattern can be followed along a whole tree of
//! texts. It covers what people write about addresses; anything else is refused.

use std::iter::Peekable;
use std::str::Chars;

/// The automaton: it finds its pattern anywhere in a text.
#[derive(Debug)]
pub struct Nfa {
    nodes: Vec<Node>,
    start: usize,
}

#[derive(Debug, Clone)]
enum Node {
    Byte(Box<[bool; 256]>, usize),
    Split(usize, usize),
    AtStart(usize),
    AtEnd(usize),
    Match,
}

#[derive(Debug, Clone)]
enum Part {
    Bytes(Box<[bool; 256]>),
    AtStart,
    AtEnd,
    Row(Vec<Part>),
    Either(Vec<Part>),
    Repeat(Box<Part>, u32, Option<u32>),
}

/// Where the automaton is after some text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct State {
    /// It has matched already, whatever follows.
    pub matched: bool,
    nodes: Vec<usize>,
}

/// Nodes of one automaton, and depth of its groups.
const MAX_NODES: usize = 4_000;
const MAX_DEPTH: usize = 32;
const MAX_REPEAT: u32 = 64;

impl Nfa {
    /// The automaton of a pattern; `None` for what it does not cover.
    pub fn new(pattern: &str, ignore_case: bool) -> Option<Self> {
        let (pattern, ignore_case) =
            pattern.strip_prefix("(?i)").map_or((pattern, ignore_case), |pattern| (pattern, true));
        let mut chars = pattern.chars().peekable();
        let part = either(&mut chars, ignore_case, 0)?;
        if chars.next().is_some() {
            return None;
        }
        let mut nfa = Self { nodes: vec![Node::Match], start: 0 };
        nfa.start = nfa.put(&part, 0)?;
        Some(nfa)
    }

    fn add(&mut self, node: Node) -> Option<usize> {
        self.nodes.push(node);
        (self.nodes.len() <= MAX_NODES).then(|| self.nodes.len() - 1)
    }

    fn put(&mut self, part: &Part, next: usize) -> Option<usize> {
        match part {
            Part::Bytes(set) => self.add(Node::Byte(set.clone(), next)),
            Part::AtStart => self.add(Node::AtStart(next)),
            Part::AtEnd => self.add(Node::AtEnd(next)),
            Part::Row(parts) => parts.iter().rev().try_fold(next, |next, part| self.put(part, next)),
            Part::Either(parts) => {
                let mut first = None;
                for part in parts {
                    let way = self.put(part, next)?;
                    first = Some(match first {
                        None => way,
                        Some(other) => self.add(Node::Split(other, way))?,
                    });
                }
                Some(first.unwrap_or(next))
            }
            Part::Repeat(part, least, most) => {
                let mut tail = next;
                match most {
                    None => {
                        let split = self.add(Node::Split(next, next))?;
                        let body = self.put(part, split)?;
                        if let Some(node) = self.nodes.get_mut(split) {
                            *node = Node::Split(body, next);
                        }
                        tail = split;
                    }
                    Some(most) => {
                        for _ in *least..*most {
                            let body = self.put(part, tail)?;
                            tail = self.add(Node::Split(body, next))?;
                        }
                    }
                }
                (0..*least).try_fold(tail, |next, _| self.put(part, next))
            }
        }
    }

    /// Before any text.
    pub fn begin(&self) -> State {
        self.closed([self.start], true, false)
    }

    /// After one more byte.
    pub fn step(&self, state: &State, byte: u8) -> State {
        if state.matched {
            return state.clone();
        }
        let after = state.nodes.iter().filter_map(|node| match self.nodes.get(*node) {
            Some(Node::Byte(set, next)) if set.get(usize::from(byte)) == Some(&true) => Some(*next),
            _ => None,
        });
        self.closed(after.chain([self.start]), false, false)
    }

    /// Whether the pattern is found, if the text ends here.
    pub fn matches(&self, state: &State) -> bool {
        state.matched || self.closed(state.nodes.iter().copied(), false, true).matched
    }

    fn closed(&self, from: impl IntoIterator<Item = usize>, at_start: bool, at_end: bool) -> State {
        let mut open: Vec<usize> = from.into_iter().collect();
        let mut seen = vec![false; self.nodes.len()];
        let mut state = State { matched: false, nodes: Vec::new() };
        while let Some(at) = open.pop() {
            if seen.get_mut(at).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            match self.nodes.get(at) {
                Some(Node::Split(one, other)) => open.extend([*one, *other]),
                Some(Node::AtStart(next)) if at_start => open.push(*next),
                Some(Node::AtEnd(next)) if at_end => open.push(*next),
                Some(Node::Byte(..) | Node::AtEnd(_)) => state.nodes.push(at),
                Some(Node::Match) => state.matched = true,
                Some(Node::AtStart(_)) | None => {}
            }
        }
        if state.matched {
            state.nodes.clear();
        }
        state.nodes.sort_unstable();
        state
    }
}

type Input<'a> = Peekable<Chars<'a>>;

fn either(chars: &mut Input<'_>, fold: bool, depth: usize) -> Option<Part> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut ways = vec![row(chars, fold, depth)?];
    while chars.next_if_eq(&'|').is_some() {
        ways.push(row(chars, fold, depth)?);
    }
    Some(if ways.len() == 1 { ways.pop()? } else { Part::Either(ways) })
}

fn row(chars: &mut Input<'_>, fold: bool, depth: usize) -> Option<Part> {
    let mut parts = Vec::new();
    while let Some(next) = chars.peek() {
        if matches!(next, '|' | ')') {
            break;
        }
        let part = atom(chars, fold, depth)?;
        parts.push(repeated(chars, part)?);
    }
    Some(Part::Row(parts))
}

fn atom(chars: &mut Input<'_>, fold: bool, depth: usize) -> Option<Part> {
    Some(match chars.next()? {
        '^' => Part::AtStart,
        '$' => Part::AtEnd,
        '.' => Part::Bytes(set_of(|byte| byte != b'\n')),
        '(' => {
            if chars.next_if_eq(&'?').is_some() {
                // Only groups that do not capture; names and looking around are left to others.
                chars.next_if_eq(&':')?;
            }
            let part = either(chars, fold, depth + 1)?;
            chars.next_if_eq(&')')?;
            part
        }
        '[' => Part::Bytes(class(chars, fold)?),
        '\\' => Part::Bytes(escaped(chars.next()?, fold)?),
        '*' | '+' | '?' => return None,
        letter => Part::Bytes(literal(letter, fold)?),
    })
}

fn repeated(chars: &mut Input<'_>, part: Part) -> Option<Part> {
    let (least, most) = match chars.peek() {
        Some('*') => (0, None),
        Some('+') => (1, None),
        Some('?') => (0, Some(1)),
        Some('{') => {
            chars.next();
            let inside: String = std::iter::from_fn(|| chars.next_if(|next| *next != '}')).collect();
            let (least, most) = match inside.split_once(',') {
                None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
                Some((least, "")) => (least.parse().ok()?, None),
                Some((least, most)) => (least.parse().ok()?, Some(most.parse().ok()?)),
            };
            if least > MAX_REPEAT || most.is_some_and(|most: u32| most > MAX_REPEAT || most < least) {
                return None;
            }
            (least, most)
        }
        _ => return Some(part),
    };
    chars.next();
    match chars.peek() {
        // Lazy or not: whether it matches is the same.
        Some('?') => {
            chars.next();
        }
        Some('+' | '*' | '{') => return None,
        _ => {}
    }
    Some(Part::Repeat(Box::new(part), least, most))
}

fn class(chars: &mut Input<'_>, fold: bool) -> Option<Box<[bool; 256]>> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut set = set_of(|_| false);
    let mut first = true;
    loop {
        let from = match chars.next()? {
            ']' if !first => break,
            '[' if chars.peek() == Some(&':') => return None,
            '\\' => {
                let letter = chars.next()?;
                let more = escaped(letter, fold)?;
                merge(&mut set, &more);
                if letter.is_ascii_alphanumeric() {
                    first = false;
                    continue;
                }
                letter
            }
            letter => letter,
        };
        first = false;
        let from = ascii(from)?;
        let mut ahead = chars.clone();
        if ahead.next() == Some('-') && ahead.peek().is_some_and(|next| *next != ']') {
            chars.next();
            let to = match chars.next()? {
                '\\' => chars.next().filter(|letter| !letter.is_ascii_alphanumeric())?,
                letter => letter,
            };
            let to = ascii(to).filter(|to| *to >= from)?;
            merge(&mut set, &folded(set_of(|byte| (from..=to).contains(&byte)), fold));
        } else {
            merge(&mut set, &folded(set_of(|byte| byte == from), fold));
        }
    }
    if negated {
        for held in set.iter_mut() {
            *held = !*held;
        }
    }
    Some(set)
}

fn escaped(letter: char, fold: bool) -> Option<Box<[bool; 256]>> {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    Some(match letter {
        'd' => set_of(|byte| byte.is_ascii_digit()),
        'D' => set_of(|byte| !byte.is_ascii_digit()),
        'w' => set_of(word),
        'W' => set_of(|byte| !word(byte)),
        's' => set_of(|byte| byte.is_ascii_whitespace() || byte == 0x0b),
        'S' => set_of(|byte| !(byte.is_ascii_whitespace() || byte == 0x0b)),
        letter if letter.is_ascii_alphanumeric() => return None,
        letter => literal(letter, fold)?,
    })
}

fn literal(letter: char, fold: bool) -> Option<Box<[bool; 256]>> {
    let wanted = ascii(letter)?;
    Some(folded(set_of(|byte| byte == wanted), fold))
}

fn ascii(letter: char) -> Option<u8> {
    u8::try_from(letter).ok().filter(u8::is_ascii)
}

fn set_of(holds: impl Fn(u8) -> bool) -> Box<[bool; 256]> {
    let mut set = Box::new([false; 256]);
    for (byte, held) in (0_u8..=255).zip(set.iter_mut()) {
        *held = holds(byte);
    }
    set
}

fn merge(set: &mut [bool; 256], more: &[bool; 256]) {
    for (held, more) in set.iter_mut().zip(more) {
        *held |= more;
    }
}

fn folded(set: Box<[bool; 256]>, fold: bool) -> Box<[bool; 256]> {
    if !fold {
        return set;
    }
    let holds = |byte: u8| set.get(usize::from(byte)) == Some(&true);
    set_of(|byte| holds(byte.to_ascii_lowercase()) || holds(byte.to_ascii_uppercase()))
}
