//! What drawing an SVG will cost: pixels touched and memory held, counted along the same path the renderer takes.
//! An estimate from above, not a measurement; the renderer itself has no bounds to set.

use resvg::{
    tiny_skia::{PathSegment, Point, Transform},
    usvg::{ClipPath, Group, Mask, Node, Paint, Path, Stroke, Tree, filter},
};

use crate::image::Size;

/// Layers are cut by the renderer to five times each side of the picture.
const LAYER_SIDES: f64 = 5.0;
/// An edge for each pixel that it goes down: it is followed on four sub-scanlines, and parts the colour on each.
const EDGE: f64 = 20.0;
/// A shape, however small. Measured, like the other factors, against a plain pixel.
const SHAPE: f64 = 3000.0;
/// A corner or dash of a stroke.
const JOINT: f64 = 150.0;
/// ... and the memory of one, with round ends, in bytes.
const JOINT_BYTES: f64 = 1200.0;
/// Dashes of a path, above which the renderer draws none.
const MAX_DASHES: f64 = 1_000_000.0;
/// Widest blur that is drawn, in pixels: far beyond, the renderer's numbers overflow.
const MAX_BLUR: f64 = 10_000.0;

/// What it will cost to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cost {
    /// Pixels touched.
    pub work: f64,
    /// Bytes held at once.
    pub memory: f64,
}

/// The cost of drawing at `size`; stops counting work above `limit`.
pub(super) fn cost(tree: &Tree, size: Size, transform: Transform, limit: f64) -> Cost {
    let canvas = Canvas { width: size.width.into(), height: size.height.into() };
    let mut meter = Meter { work: canvas.area(), limit, whole: canvas };
    let memory = canvas.bytes() + meter.group(tree.root(), transform, canvas);
    Cost { work: meter.work, memory }
}

#[derive(Clone, Copy)]
struct Canvas {
    width: f64,
    height: f64,
}

impl Canvas {
    fn area(self) -> f64 {
        self.width * self.height
    }

    fn bytes(self) -> f64 {
        4.0 * self.area()
    }

    fn within(self, other: Self) -> Self {
        Self { width: self.width.min(other.width), height: self.height.min(other.height) }
    }

    fn longest(self) -> f64 {
        self.width + self.height
    }
}

struct Meter {
    work: f64,
    limit: f64,
    whole: Canvas,
}

impl Meter {
    /// Adds up the work below a group, and answers with the memory that its layers take at once.
    fn group(&mut self, group: &Group, transform: Transform, canvas: Canvas) -> f64 {
        let transform = transform.pre_concat(group.transform());
        if !group.should_isolate() {
            return self.nodes(group, transform, canvas);
        }
        let layer = self.layer(group, transform);
        self.work += 4.0 * layer.area();
        let mut beside = self.nodes(group, transform, layer);
        for filter in group.filters() {
            beside = beside.max(self.filter(filter, transform, layer));
        }
        if let Some(clip) = group.clip_path() {
            beside = beside.max(self.clip(clip, transform, layer));
        }
        if let Some(mask) = group.mask() {
            beside = beside.max(self.mask(mask, transform, layer));
        }
        layer.bytes() + beside
    }

    fn nodes(&mut self, group: &Group, transform: Transform, canvas: Canvas) -> f64 {
        let mut memory: f64 = 0.0;
        for node in group.children() {
            if self.work > self.limit {
                break;
            }
            memory = memory.max(match node {
                Node::Group(group) => self.group(group, transform, canvas),
                Node::Path(path) => self.path(path, transform, canvas),
                Node::Text(text) => self.group(text.flattened(), transform, canvas),
                // None is loaded.
                Node::Image(_) => 0.0,
            });
        }
        memory
    }

    fn layer(&self, group: &Group, transform: Transform) -> Canvas {
        let most = Canvas { width: self.whole.width * LAYER_SIDES, height: self.whole.height * LAYER_SIDES };
        let Some(bounds) = group.layer_bounding_box().transform(transform) else { return most };
        // A filtered group is drawn upright, and turned with its layer.
        let (across, down) = transform.get_scale();
        let upright = group.layer_bounding_box();
        Canvas {
            width: f64::from(bounds.width()).max(f64::from(upright.width() * across)) + 4.0,
            height: f64::from(bounds.height()).max(f64::from(upright.height() * down)) + 4.0,
        }
        .within(most)
    }

    fn clip(&mut self, clip: &ClipPath, transform: Transform, layer: Canvas) -> f64 {
        self.work += 4.0 * layer.area();
        let inside = self.nodes(clip.root(), transform.pre_concat(clip.transform()), layer);
        let further = clip.clip_path().map_or(0.0, |clip| self.clip(clip, transform, layer));
        2.0 * layer.bytes() + inside.max(further)
    }

    fn mask(&mut self, mask: &Mask, transform: Transform, layer: Canvas) -> f64 {
        self.work += 6.0 * layer.area();
        let inside = self.nodes(mask.root(), transform, layer);
        let further = mask.mask().map_or(0.0, |mask| self.mask(mask, transform, layer));
        2.0 * layer.bytes() + inside.max(further)
    }

    /// Each step of a filter works on the whole layer, and its result is held until the last.
    fn filter(&mut self, filter: &filter::Filter, transform: Transform, layer: Canvas) -> f64 {
        let mut results = 4.0;
        let (across, down) = transform.get_scale();
        let scale = f64::from(across.max(down));
        for step in filter.primitives() {
            results += 1.0;
            let blur = |x: f32, y: f32| if f64::from(x.max(y)) * scale > MAX_BLUR { f64::INFINITY } else { 60.0 };
            self.work += layer.area()
                * match step.kind() {
                    filter::Kind::GaussianBlur(it) => blur(it.std_dev_x().get(), it.std_dev_y().get()),
                    filter::Kind::DropShadow(it) => blur(it.std_dev_x().get(), it.std_dev_y().get()),
                    filter::Kind::Merge(it) => 4.0 * f64::from(u32::try_from(it.inputs().len()).unwrap_or(u32::MAX)),
                    filter::Kind::Blend(_)
                    | filter::Kind::ColorMatrix(_)
                    | filter::Kind::ComponentTransfer(_)
                    | filter::Kind::Composite(_)
                    | filter::Kind::Flood(_)
                    | filter::Kind::Offset(_) => 16.0,
                    // Not let through by `weigh`; functions of CSS make none of them.
                    filter::Kind::ConvolveMatrix(_)
                    | filter::Kind::DiffuseLighting(_)
                    | filter::Kind::DisplacementMap(_)
                    | filter::Kind::Image(_)
                    | filter::Kind::Morphology(_)
                    | filter::Kind::SpecularLighting(_)
                    | filter::Kind::Tile(_)
                    | filter::Kind::Turbulence(_) => f64::INFINITY,
                };
        }
        results * layer.bytes()
    }

    fn path(&mut self, path: &Path, transform: Transform, canvas: Canvas) -> f64 {
        if !path.is_visible() {
            return 0.0;
        }
        let outline = Outline::of(path, transform, canvas);
        let bounds = path.stroke_bounding_box().transform(transform);
        let covered = bounds.map_or(canvas, |bounds| {
            Canvas { width: f64::from(bounds.width()) + 1.0, height: f64::from(bounds.height()) + 1.0 }.within(canvas)
        });
        let mut memory: f64 = 0.0;
        if let Some(fill) = path.fill() {
            self.work += SHAPE + EDGE * outline.drop + 8.0 * outline.segments;
            memory = memory.max(self.paint(fill.paint(), transform, covered));
        }
        if let Some(stroke) = path.stroke() {
            let stroked = outline.stroked(stroke, transform, canvas);
            self.work += stroked.work;
            memory = memory.max(stroked.memory + self.paint(stroke.paint(), transform, covered));
        }
        memory
    }

    /// Each pixel looks through the stops.
    fn gradient(&mut self, stops: usize, covered: Canvas) -> f64 {
        let stops = f64::from(u32::try_from(stops).unwrap_or(u32::MAX));
        self.work += (4.0 + stops / 2.0) * covered.area();
        0.0
    }

    fn paint(&mut self, paint: &Paint, transform: Transform, covered: Canvas) -> f64 {
        match paint {
            Paint::Color(_) => {
                self.work += covered.area();
                0.0
            }
            Paint::LinearGradient(gradient) => self.gradient(gradient.stops().len(), covered),
            Paint::RadialGradient(gradient) => self.gradient(gradient.stops().len(), covered),
            Paint::Pattern(pattern) => {
                // Drawn once for each shape, on a canvas of its own that nothing but its own size bounds.
                let (across, down) = transform.pre_concat(pattern.transform()).get_scale();
                let tile = Canvas {
                    width: f64::from(pattern.rect().width() * across).max(1.0),
                    height: f64::from(pattern.rect().height() * down).max(1.0),
                };
                self.work += 8.0 * covered.area() + 2.0 * tile.area();
                tile.bytes() + self.nodes(pattern.root(), Transform::from_scale(across, down), tile)
            }
        }
    }
}

/// What the course of a path comes to, in pixels, each segment cut to the canvas.
struct Outline {
    segments: f64,
    /// Down and up, which is what filling costs.
    drop: f64,
    length: f64,
    /// In the path's own units, not cut: what dashes are counted by.
    own_length: f64,
}

impl Outline {
    fn of(path: &Path, transform: Transform, canvas: Canvas) -> Self {
        let mut outline = Self { segments: 0.0, drop: 0.0, length: 0.0, own_length: 0.0 };
        let (mut from, mut start) = (Point::zero(), Point::zero());
        for segment in path.data().segments() {
            let mut to = |to: Point| {
                outline.add(from, to, transform, canvas);
                from = to;
            };
            match segment {
                PathSegment::MoveTo(point) => {
                    start = point;
                    from = point;
                }
                PathSegment::LineTo(point) => to(point),
                PathSegment::QuadTo(by, point) => [by, point].map(to).into_iter().collect(),
                PathSegment::CubicTo(by, near, point) => [by, near, point].map(to).into_iter().collect(),
                PathSegment::Close => to(start),
            }
        }
        outline
    }

    fn add(&mut self, from: Point, to: Point, transform: Transform, canvas: Canvas) {
        let (x, y) = (f64::from(to.x) - f64::from(from.x), f64::from(to.y) - f64::from(from.y));
        let across = f64::from(transform.sx) * x + f64::from(transform.kx) * y;
        let down = f64::from(transform.ky) * x + f64::from(transform.sy) * y;
        self.segments += 1.0;
        self.drop += down.abs().min(canvas.height);
        self.length += across.hypot(down).min(canvas.longest());
        self.own_length += x.hypot(y);
    }

    /// A stroke is filled like a path of two sides, with a joint at each corner and two ends for each dash.
    fn stroked(&self, stroke: &Stroke, transform: Transform, canvas: Canvas) -> Cost {
        let (across, down) = transform.get_scale();
        let width = (f64::from(stroke.width().get()) * f64::from(across.max(down))).min(canvas.longest());
        let dashes = stroke.dasharray().map_or(0.0, |dashes| {
            let interval: f64 = dashes.iter().copied().map(f64::from).sum();
            let each = f64::from(u32::try_from(dashes.len()).unwrap_or(u32::MAX)) / 2.0;
            (self.own_length * each / interval.max(1e-9)).min(MAX_DASHES)
        });
        let joints = self.segments + dashes;
        Cost {
            work: 2.0 * SHAPE + EDGE * self.length + (2.0 * EDGE * width + JOINT) * joints,
            memory: JOINT_BYTES * joints,
        }
    }
}
