//! How much an SVG comes to once everything in it is put where it is used: `<use>`, patterns, masks, markers. A few lines of
//! SVG can stand for a billion shapes, or for a shape within itself. What is too heavy is not handed on.
//!
//! What is refused is not broken: a browser may well draw it. The rules are stricter than SVG's, so that they are simple.

use std::collections::{HashMap, HashSet};

use resvg::usvg::roxmltree::{Document, Node};

use super::css::{Sheet, urls};

/// Bytes of attributes that weigh as much as an element: paths are drawn as often as they are used.
const BYTES_PER_ELEMENT: u64 = 256;
/// Letters that are looked at once more, and weigh as much as an element.
const LETTERS_PER_ELEMENT: u64 = 100;
/// What other elements paint with, and what has shapes of its own inside.
const RESOURCES: [&str; 5] = ["clipPath", "filter", "marker", "mask", "pattern"];
/// Filters whose cost does not follow from the size of the picture, or that stand for other elements.
const REFUSED_FILTERS: [&str; 8] = [
    "feConvolveMatrix",
    "feDiffuseLighting",
    "feDisplacementMap",
    "feImage",
    "feMorphology",
    "feSpecularLighting",
    "feTile",
    "feTurbulence",
];

/// Refuses a document that weighs more than `max_elements`, reaches deeper than `max_depth`, or refers to itself.
pub(super) fn weigh(document: &Document<'_>, max_elements: u64, max_depth: usize) -> Result<(), String> {
    let sheet = Sheet::of(document, max_depth)?;
    let mut ids: HashMap<&str, Vec<Node<'_, '_>>> = HashMap::new();
    for element in document.descendants().filter(Node::is_element) {
        if REFUSED_FILTERS.contains(&name(element)) {
            return Err(format!("it has a filter of the kind {}", name(element)));
        }
        if let Some(attribute) = element.attributes().find(|it| is_too_large(it.name(), it.value())) {
            return Err(format!("the attribute {} has a number beyond ten millions", attribute.name()));
        }
        if let Some(id) = element.attribute("id") {
            ids.entry(id).or_default().push(element);
        }
    }
    let mut scale = Scale { ids, sheet, known: HashMap::new(), open: HashSet::new(), max_elements, max_depth };
    scale.resources_stand_alone(document)?;
    scale.element(document.root_element(), 0).map(|_| ())
}

struct Scale<'a, 'input> {
    /// The elements of each id. There should be one; of several any may be meant.
    ids: HashMap<&'a str, Vec<Node<'a, 'input>>>,
    sheet: Sheet,
    known: HashMap<Node<'a, 'input>, Weight>,
    /// Elements that are being weighed: whoever meets one of them again goes in a circle.
    open: HashSet<Node<'a, 'input>>,
    max_elements: u64,
    max_depth: usize,
}

#[derive(Clone, Copy)]
struct Weight {
    elements: u64,
    height: usize,
}

impl<'a, 'input> Scale<'a, 'input> {
    /// An element with all that stands in it and all that it refers to. Calls itself at most `max_depth` deep.
    fn element(&mut self, element: Node<'a, 'input>, depth: usize) -> Result<Weight, String> {
        if let Some(weight) = self.known.get(&element) {
            return self.checked(*weight, depth);
        }
        if depth > self.max_depth {
            return Err(format!("elements are used more than {} deep in each other", self.max_depth));
        }
        if !self.open.insert(element) {
            return Err("an element refers to itself".to_owned());
        }
        let mut weight = Weight { elements: own(element), height: 0 };
        for child in element.children().filter(Node::is_element) {
            weight.add(self.element(child, depth + 1)?, 1);
        }
        for target in self.references(element) {
            let once = if is_gradient(target) {
                Weight { elements: 1 + own(target) / 16, height: 1 }
            } else {
                self.element(target, depth + 1)?
            };
            weight.add(once, if name(target) == "marker" { corners(element) } else { 1 });
        }
        self.open.remove(&element);
        self.known.insert(element, weight);
        self.checked(weight, depth)
    }

    fn checked(&self, weight: Weight, depth: usize) -> Result<Weight, String> {
        if weight.elements > self.max_elements {
            return Err(format!("with what it repeats it has more than {} elements", self.max_elements));
        }
        if depth.saturating_add(weight.height) > self.max_depth {
            return Err(format!("elements are used more than {} deep in each other", self.max_depth));
        }
        Ok(weight)
    }

    /// What the element draws with, and what it draws: by its attributes, its style, the style sheet, and its link.
    fn references(&self, element: Node<'a, 'input>) -> Vec<Node<'a, 'input>> {
        let mut found = self.painted_with(element);
        for attribute in element.attributes().filter(|attribute| attribute.name() == "href") {
            if let Some(id) = attribute.value().trim().strip_prefix('#') {
                found.extend(self.ids.get(id).into_iter().flatten());
            }
        }
        found
    }

    fn painted_with(&self, element: Node<'a, 'input>) -> Vec<Node<'a, 'input>> {
        let own = element.attributes().flat_map(|attribute| urls(attribute.value()).collect::<Vec<_>>());
        own.chain(self.sheet.urls(element)).filter_map(|id| self.ids.get(id)).flatten().copied().collect()
    }

    /// Nothing inside a pattern, mask and so on is painted with another: that rules out circles and towers at once,
    /// whichever way a property comes to an element, by inheritance too.
    fn resources_stand_alone(&self, document: &'a Document<'input>) -> Result<(), String> {
        let mut waiting: Vec<_> = document.descendants().filter(|it| RESOURCES.contains(&name(*it))).collect();
        for resource in &waiting {
            let above = resource.ancestors().skip(1).filter(Node::is_element);
            let inherited = above.flat_map(|it| self.painted_with(it));
            if inherited.into_iter().any(|it| matches!(name(it), "pattern" | "marker")) {
                return Err("a pattern or marker is inherited by another".to_owned());
            }
        }
        let mut seen = HashSet::new();
        while let Some(element) = waiting.pop() {
            if !seen.insert(element) {
                continue;
            }
            if self.painted_with(element).into_iter().any(|it| !is_gradient(it)) {
                return Err("a pattern, mask, marker, clip path or filter uses another".to_owned());
            }
            if inherits(element) {
                return Err("a pattern, mask, marker, clip path or filter inherits another".to_owned());
            }
            waiting.extend(element.children().filter(Node::is_element));
            waiting.extend(self.references(element));
        }
        Ok(())
    }
}

impl Weight {
    fn add(&mut self, other: Self, times: u64) {
        self.elements = self.elements.saturating_add(other.elements.saturating_mul(times));
        self.height = self.height.max(other.height.saturating_add(1));
    }
}

fn name<'a>(node: Node<'a, '_>) -> &'a str {
    node.tag_name().name()
}

fn is_gradient(node: Node<'_, '_>) -> bool {
    matches!(name(node), "linearGradient" | "radialGradient")
}

/// The element without what stands in it; each letter of a text is drawn, so each weighs as an element.
fn own(element: Node<'_, '_>) -> u64 {
    let attributes: usize = element.attributes().map(|attribute| attribute.value().len()).sum();
    let silent = matches!(name(element), "style" | "script" | "title" | "desc" | "metadata");
    let letters: usize = if silent {
        0
    } else {
        element.children().filter_map(|child| child.text().filter(|_| child.is_text())).map(|it| it.trim().len()).sum()
    };
    let children = if is_gradient(element) { element.children().count() } else { 0 };
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    1 + count(attributes) / BYTES_PER_ELEMENT + count(letters) + count(children) + spans(element)
}

/// What a text weighs for the spans in it: the renderer looks at all of its letters for each of them.
fn spans(element: Node<'_, '_>) -> u64 {
    if name(element) != "text" {
        return 0;
    }
    let spans = element.descendants().filter(Node::is_element).count();
    let letters: usize = element.descendants().filter_map(|it| it.text().filter(|_| it.is_text())).map(str::len).sum();
    u64::try_from(spans.saturating_mul(letters)).unwrap_or(u64::MAX) / LETTERS_PER_ELEMENT
}

/// Corners of a shape, at each of which a marker may stand: at most one for two bytes.
fn corners(element: Node<'_, '_>) -> u64 {
    // Markers are inherited: the shapes of a group have them too.
    let shapes = element.descendants().flat_map(|it| [it.attribute("d"), it.attribute("points")]).flatten();
    let bytes: usize = shapes.map(str::len).sum();
    u64::try_from(bytes / 2).unwrap_or(u64::MAX).saturating_add(4)
}

/// True if there is a number of which the renderer would make endless work: curves are cut into as many pieces.
fn is_too_large(attribute: &str, value: &str) -> bool {
    match attribute {
        "id" | "class" | "href" => false,
        // Letters of commands stand before numbers; elsewhere letters before digits make a name or a colour.
        "d" | "points" | "transform" | "gradientTransform" | "patternTransform" | "viewBox" => {
            large_number(value, false)
        }
        _ => large_number(value, true),
    }
}

/// True if a number has more than seven digits before its point. With `words`, digits in words are no numbers.
pub(super) fn large_number(text: &str, words: bool) -> bool {
    let mut rest = text;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        let is_word = before.is_alphanumeric() || matches!(before, '_' | '#');
        if !(letter.is_ascii_digit() || letter == '.') || words && is_word {
            before = letter;
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (whole, after) = digits(rest);
        let after = after.strip_prefix('.').map_or(after, |fraction| digits(fraction).1);
        let power = after.strip_prefix(['e', 'E']).map(|power| digits(power.strip_prefix('+').unwrap_or(power)));
        let shift =
            power.map_or(0, |(power, _)| power.parse::<usize>().unwrap_or(if power.is_empty() { 0 } else { 99 }));
        if whole.trim_start_matches('0').len().saturating_add(shift) > 7 {
            return true;
        }
        before = '0';
        rest = power.filter(|(power, _)| !power.is_empty()).map_or(after, |(_, after)| after);
        if rest.len() == text.len() {
            return true;
        }
    }
    false
}

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len()))
}

/// True if a property that is not inherited by itself asks for it.
fn inherits(element: Node<'_, '_>) -> bool {
    element.attributes().any(|attribute| match attribute.name() {
        "clip-path" | "mask" | "filter" => attribute.value().trim() == "inherit",
        "style" => attribute.value().contains("inherit"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(inside: &str) -> Result<(), String> {
        let text = format!("<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>");
        weigh(&Document::parse(&text).unwrap(), 100, 12)
    }

    #[test]
    fn what_is_used_counts_as_often_as_it_is_used() {
        // The root and ten, and eleven for each use.
        let group = format!("<g id='a'>{}</g>", "<rect/>".repeat(9));
        assert_eq!(weighed(&format!("{group}{}", "<use href='#a'/>".repeat(8))), Ok(()));
        let more = weighed(&format!("{group}{}", "<use href='#a'/>".repeat(9)));
        assert!(more.unwrap_err().contains("more than 100 elements"));
    }

    #[test]
    fn a_long_path_counts_for_many_elements() {
        // Ten times 256 bytes.
        let path = format!("<path id='a' d='M0 0{}'/>", "L1 1".repeat(640));
        assert_eq!(weighed(&format!("{path}{}", "<use href='#a'/>".repeat(7))), Ok(()));
        assert!(weighed(&format!("{path}{}", "<use href='#a'/>".repeat(9))).is_err());
    }

    #[test]
    fn circles_are_refused() {
        for inside in [
            "<use id='a' href='#a'/>",
            "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
            "<pattern id='b' href='#b'/>",
            "<g fill='url(#a)'><pattern id='a'><rect/></pattern></g>",
            "<pattern id='a'><g style='fill:url(#b)'/></pattern><pattern id='b'/>",
            "<mask id='a'><use href='#b'/></mask><g id='b' mask='url(#a)'/>",
            "<clipPath id='a' clip-path='inherit'/>",
        ] {
            assert!(weighed(inside).is_err(), "{inside}");
        }
    }

    #[test]
    fn towers_deeper_than_allowed_are_refused() {
        let tower = |floors: usize| {
            let floor = |at| format!("<g id='g{}'><use href='#g{at}'/></g>", at + 1);
            (0..floors).map(floor).collect::<String>()
        };
        assert_eq!(weighed(&tower(3)), Ok(()));
        assert!(weighed(&tower(9)).unwrap_err().contains("deep"));
    }

    #[test]
    fn numbers_that_are_too_large_are_found_wherever_they_stand() {
        let large = [
            "99999999",
            "M0 0L123456789 0",
            "1e8",
            "-1E+7",
            "1.5e9",
            "0.00001e13",
            "scale(123456789)",
            "5e99999999999999999999",
        ];
        for text in large {
            assert!(large_number(text, false), "{text}");
        }
        let small =
            ["9999999", "1e6", "0.123456789012", "00000000001", "1e-30", "M1.5.5.5e3-2", ".", "..", "e", "1e", "한글"];
        for text in small {
            assert!(!large_number(text, false), "{text}");
        }
        for text in ["fill:url(#SVGID_00000012345678901_)", "#12345678", "a123456789", "fill:#ff0000;x:1"] {
            assert!(!large_number(text, true), "{text}");
        }
        assert!(large_number("stroke-width:123456789px", true));
    }
}
