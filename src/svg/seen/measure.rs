//! The measures: plain arithmetic over the pixels of a square.

use resvg::tiny_skia::Pixmap;

/// The pixels of a square, colours multiplied by opacity.
pub(super) struct Picture {
    side: usize,
    pixels: Vec<[u8; 4]>,
}

/// The sum of opacities in octets, as a float.
fn opacity(pixels: impl Iterator<Item = [u8; 4]>) -> f64 {
    pixels.map(|pixel| f64::from(pixel[3])).sum()
}

/// Whether the inscribed circle of the unit square holds a point.
pub(super) fn circle(x: f64, y: f64) -> bool {
    (x - 0.5).hypot(y - 0.5) <= 0.5
}

/// Whether the unit square holds a point once its corners are rounded.
pub(super) fn rounded_square(x: f64, y: f64) -> bool {
    let into = |at: f64| (super::CORNER - at.min(1.0 - at)).max(0.0);
    into(x).hypot(into(y)) <= super::CORNER
}

/// The largest difference of two pixels in one channel.
fn step(one: [u8; 4], other: [u8; 4]) -> u8 {
    one.into_iter().zip(other).map(|(one, other)| one.abs_diff(other)).max().unwrap_or(0)
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: [f64; 3]) -> f64 {
    let linear = |octet: f64| {
        let value = octet / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// Contrast ratio of two luminances, WCAG 2.2.
fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

impl Picture {
    /// The pixels of a square pixmap.
    pub(super) fn of(pixmap: &Pixmap) -> Self {
        let pixels = pixmap.data().chunks_exact(4).filter_map(|pixel| <[u8; 4]>::try_from(pixel).ok());
        Self { side: pixmap.width() as usize, pixels: pixels.collect() }
    }

    /// Which share of all that is drawn on a wider picture is not in this one.
    pub(super) fn outside(&self, wide: &Self) -> f64 {
        let all = opacity(wide.pixels.iter().copied());
        if all > 0.0 { (1.0 - opacity(self.pixels.iter().copied()) / all).max(0.0) } else { 0.0 }
    }

    /// A count as a share of the square.
    fn share(&self, count: usize) -> f64 {
        count as f64 / self.pixels.len().max(1) as f64
    }

    /// Which share of the square is drawn on, by opacity.
    pub(super) fn drawn(&self) -> f64 {
        opacity(self.pixels.iter().copied()) / 255.0 / self.pixels.len().max(1) as f64
    }

    /// Which share of the square lets nothing through (opacity of 95 % and more).
    pub(super) fn opaque(&self) -> f64 {
        self.share(self.pixels.iter().filter(|pixel| pixel[3] >= 242).count())
    }

    /// Every pixel with the place of its centre in the unit square.
    fn placed(&self) -> impl Iterator<Item = (f64, f64, [u8; 4])> {
        let side = self.side.max(1);
        let unit = move |at: usize| (at as f64 + 0.5) / side as f64;
        self.pixels.iter().enumerate().map(move |(at, pixel)| (unit(at % side), unit(at / side), *pixel))
    }

    /// The background: the colour of the four corners, where they agree; else nothing.
    fn background(&self, tolerance: u8) -> [u8; 4] {
        let last = self.pixels.len().saturating_sub(1);
        let row = self.side.saturating_sub(1);
        let corner = |at: usize| self.pixels.get(at).copied().unwrap_or_default();
        let first = corner(0);
        let same = [row, last - row.min(last), last].into_iter().all(|at| step(first, corner(at)) <= tolerance);
        if same { first } else { [0; 4] }
    }

    /// Which share of the figure (pixels that differ from the background by more than `tolerance`) a crop cuts off.
    pub(super) fn cut_by(&self, keeps: fn(f64, f64) -> bool, tolerance: u8) -> f64 {
        let background = self.background(tolerance);
        let mut figure = 0_usize;
        let mut cut = 0_usize;
        for (x, y, pixel) in self.placed() {
            if step(pixel, background) > tolerance {
                figure += 1;
                cut += usize::from(!keeps(x, y));
            }
        }
        if figure == 0 { 0.0 } else { cut as f64 / figure as f64 }
    }

    /// The contrast with a background that `part` of the drawing (by opacity) reaches or exceeds, to a hundredth.
    pub(super) fn contrast(&self, background: [u8; 3], part: f64) -> f64 {
        let ground = luminance(background.map(f64::from));
        // Opacity by hundredths of the ratio, which is at most 21.
        let mut weights = vec![0.0; 2200];
        for pixel in self.pixels.iter().filter(|pixel| pixel[3] > 0) {
            let [red, green, blue, opacity] = pixel.map(f64::from);
            let through = 1.0 - opacity / 255.0;
            let [r, g, b] = background.map(|octet| f64::from(octet) * through);
            let ratio = ratio(luminance([red + r, green + g, blue + b]), ground);
            if let Some(weight) = weights.get_mut((ratio * 100.0) as usize) {
                *weight += opacity;
            }
        }
        let wanted = part * weights.iter().sum::<f64>();
        let mut reached = 0.0;
        for (hundredths, weight) in weights.iter().enumerate().rev() {
            reached += weight;
            if reached >= wanted && *weight > 0.0 {
                return hundredths as f64 / 100.0;
            }
        }
        1.0
    }

    /// Which share of the drawing's variance lies within the pixels of a picture of `side` pixels, and so is averaged
    /// away there: 1 − variance of the averages ÷ variance of the drawing, over red, green, blue and opacity.
    pub(super) fn lost_at(&self, side: usize) -> f64 {
        let block = (self.side / side.max(1)).max(1);
        let mut all = [Moments::default(); 4];
        let mut averages = [Moments::default(); 4];
        for rows in self.pixels.chunks(self.side.max(1) * block) {
            for column in (0..self.side).step_by(block) {
                let mut sums = [Moments::default(); 4];
                for row in rows.chunks(self.side.max(1)) {
                    for pixel in row.iter().skip(column).take(block) {
                        for ((value, sum), whole) in pixel.iter().zip(&mut sums).zip(&mut all) {
                            sum.add(f64::from(*value));
                            whole.add(f64::from(*value));
                        }
                    }
                }
                for (sum, average) in sums.iter().zip(&mut averages) {
                    average.add(sum.mean());
                }
            }
        }
        let total: f64 = all.iter().map(Moments::variance).sum();
        let kept: f64 = averages.iter().map(Moments::variance).sum();
        // A plain square has no variance to lose: below one step of one channel it is noise.
        if total < 1.0 { 0.0 } else { (1.0 - kept / total).clamp(0.0, 1.0) }
    }

    /// Which share of the drawing differs from its most common colour by more than `tolerance`: pixels that are at least
    /// half opaque, colours not multiplied by opacity. The most common one is the mean of the fullest sixteenth of each
    /// channel.
    pub(super) fn second_colour(&self, tolerance: u8) -> f64 {
        let full = |pixel: &[u8; 4]| {
            let [red, green, blue, opacity] = *pixel;
            let whole = |octet: u8| (u32::from(octet) * 255 / u32::from(opacity).max(1)).min(255) as u8;
            [whole(red), whole(green), whole(blue), 255]
        };
        let drawn = || self.pixels.iter().filter(|pixel| pixel[3] >= 128).map(full);
        let mut bins = vec![[0_u32; 4]; 4096];
        for [red, green, blue, _] in drawn() {
            let at = usize::from(red >> 4) << 8 | usize::from(green >> 4) << 4 | usize::from(blue >> 4);
            if let Some([count, sums @ ..]) = bins.get_mut(at) {
                *count += 1;
                for (sum, octet) in sums.iter_mut().zip([red, green, blue]) {
                    *sum += u32::from(octet);
                }
            }
        }
        let [count, red, green, blue] = bins.into_iter().max_by_key(|bin| bin[0]).unwrap_or_default();
        let mean = |sum: u32| (sum / count.max(1)).min(255) as u8;
        let common = [mean(red), mean(green), mean(blue), 255];
        let other = drawn().filter(|colour| step(*colour, common) > tolerance).count();
        other as f64 / drawn().count().max(1) as f64
    }
}

/// Count, sum and sum of squares.
#[derive(Clone, Copy, Default)]
struct Moments {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64) {
        self.count += 1.0;
        self.sum += value;
        self.squares += value * value;
    }

    fn mean(&self) -> f64 {
        self.sum / self.count.max(1.0)
    }

    fn variance(&self) -> f64 {
        (self.squares / self.count.max(1.0) - self.mean() * self.mean()).max(0.0)
    }
}
