//! Album covers as SVG: twelve patterns, each in eight palettes.

/// The number of covers. They are numbered from 0.
pub const COVERS: usize = PATTERNS.len() * PALETTES.len();

struct Palette {
    background: &'static str,
    main: &'static str,
    second: &'static str,
    accent: &'static str,
    light: &'static str,
}

const PALETTES: [Palette; 8] = [
    palette(["#2a2342", "#9b7fd6", "#5b4a8c", "#e6b566", "#efe8dc"]),
    palette(["#0e5a62", "#7cc8cf", "#2f8a90", "#f0b46a", "#f3ecd8"]),
    palette(["#762d36", "#eeb3a7", "#b2545a", "#e9a04f", "#f7e9d4"]),
    palette(["#1f3a5f", "#f0a55b", "#5f7fa6", "#d2563f", "#f4e9d3"]),
    palette(["#244f3f", "#b7ccb3", "#7c9c72", "#f3cb5f", "#f4edd8"]),
    palette(["#f1d9a4", "#7a3a44", "#d7924f", "#c9502f", "#fff5dd"]),
    palette(["#d3e1ea", "#38507a", "#8ea7c6", "#e2572f", "#f8f2e6"]),
    palette(["#25222b", "#cf5a87", "#7a6478", "#f2b8a6", "#efe4d8"]),
];

type Pattern = fn(&Palette) -> String;

const PATTERNS: [Pattern; 12] = [
    vinyl, dots, waves, bars, sea, peaks, leaves, rainbow, half_moon, stripes, tiles, hills,
];

/// The picture that payloads name as `/demo/covers/<file>`, as SVG text; `None` if no payload can name it.
pub fn cover(file: &str) -> Option<String> {
    let number = (0..COVERS).find(|number| file == file_name(*number))?;
    Some(svg(number))
}

/// The file name of the cover with this number, which is below [`COVERS`].
pub fn file_name(number: usize) -> String {
    format!("{number}.svg")
}

/// An SVG document without a fixed size.
fn svg(number: usize) -> String {
    let palette = &PALETTES[number % PALETTES.len()];
    let pattern = PATTERNS[number / PALETTES.len()];
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">{}{}</svg>"#,
        rectangle(0, 0, 64, 64, palette.background),
        pattern(palette),
    )
}

fn vinyl(colours: &Palette) -> String {
    [
        disc(32, 32, 24, colours.main),
        disc(32, 32, 17, colours.background),
        disc(32, 32, 15, colours.second),
        disc(32, 32, 8, colours.light),
        disc(32, 32, 3, colours.background),
    ]
    .concat()
}

fn dots(colours: &Palette) -> String {
    let radii = [2, 3, 4, 3, 2];
    let places = (0..5).flat_map(|row| (0..5).map(move |column| (row, column)));
    places
        .map(|(row, column)| {
            let fill = match (row * 2 + column * 3) % 7 {
                0 => colours.accent,
                1 | 4 => colours.light,
                _ => colours.main,
            };
            disc(
                10 + 11 * column,
                10 + 11 * row,
                radii[column as usize],
                fill,
            )
        })
        .collect()
}

fn waves(colours: &Palette) -> String {
    let strokes = [colours.main, colours.light, colours.main, colours.accent];
    (0..7)
        .map(|row| {
            let start = 5 + 9 * row;
            let path = format!("M-4 {start}q4.5-7 9 0t9 0 9 0 9 0 9 0 9 0 9 0 9 0");
            line(&path, 3, strokes[row % strokes.len()])
        })
        .collect()
}

fn bars(colours: &Palette) -> String {
    let heights = [20, 34, 14, 44, 27];
    let fills = [
        colours.main,
        colours.light,
        colours.second,
        colours.accent,
        colours.main,
    ];
    let bars = heights.into_iter().zip(fills).enumerate();
    bars.map(|(place, (height, fill))| {
        rectangle(8 + 10 * place as i32, 54 - height, 8, height, fill)
    })
    .collect()
}

fn sea(colours: &Palette) -> String {
    [
        disc(32, 34, 18, colours.accent),
        rectangle(0, 38, 64, 26, colours.main),
        rectangle(14, 44, 36, 2, colours.light),
        rectangle(20, 50, 24, 2, colours.light),
        rectangle(26, 56, 12, 2, colours.light),
    ]
    .concat()
}

fn peaks(colours: &Palette) -> String {
    [
        disc(47, 18, 7, colours.accent),
        shape("M-6 56 22 14 50 56z", colours.second),
        shape("M14 56 38 26 66 56z", colours.main),
        shape("M22 14 13 27.5l5-2 4 4 4-4 5 2z", colours.light),
        rectangle(0, 56, 64, 8, colours.light),
    ]
    .concat()
}

fn leaves(colours: &Palette) -> String {
    [
        shape("M0 0h32a32 32 0 0 1-32 32z", colours.main),
        shape("M64 0v32a32 32 0 0 1-32-32z", colours.second),
        shape("M32 64a32 32 0 0 1 32-32v32z", colours.accent),
        shape("M0 32a32 32 0 0 1 32 32h-32z", colours.light),
    ]
    .concat()
}

fn rainbow(colours: &Palette) -> String {
    [
        disc(64, 64, 58, colours.main),
        disc(64, 64, 46, colours.light),
        disc(64, 64, 34, colours.accent),
        disc(64, 64, 22, colours.background),
    ]
    .concat()
}

fn half_moon(colours: &Palette) -> String {
    [
        rectangle(32, 0, 32, 64, colours.main),
        shape("M32 14a18 18 0 0 0 0 36z", colours.accent),
        shape("M32 14a18 18 0 0 1 0 36z", colours.background),
    ]
    .concat()
}

fn stripes(colours: &Palette) -> String {
    [
        line("M-8 40 40-8", 8, colours.main),
        line("M-8 56 56-8", 4, colours.light),
        line("M-8 72 72-8", 8, colours.second),
        line("M8 72 72 8", 4, colours.accent),
        line("M24 72 72 24", 8, colours.main),
    ]
    .concat()
}

fn tiles(colours: &Palette) -> String {
    let places = (0..4).flat_map(|row| (0..4).map(move |column| (row, column)));
    places
        .map(|(row, column)| {
            let (x, y) = (16 * column, 16 * row);
            match (row + column) % 2 {
                0 => rectangle(x, y, 16, 16, colours.second),
                _ if (row, column) == (1, 2) => disc(x + 8, y + 8, 6, colours.accent),
                _ => disc(x + 8, y + 8, 4, colours.light),
            }
        })
        .collect()
}

fn hills(colours: &Palette) -> String {
    [
        disc(44, 20, 9, colours.light),
        disc(48, 17, 8, colours.background),
        disc(14, 68, 30, colours.second),
        disc(54, 76, 34, colours.main),
        disc(24, 92, 40, colours.accent),
    ]
    .concat()
}

const fn palette([background, main, second, accent, light]: [&'static str; 5]) -> Palette {
    Palette {
        background,
        main,
        second,
        accent,
        light,
    }
}

fn rectangle(x: i32, y: i32, width: i32, height: i32, fill: &str) -> String {
    format!(r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>"#)
}

fn disc(x: i32, y: i32, radius: i32, fill: &str) -> String {
    format!(r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}"/>"#)
}

fn shape(path: &str, fill: &str) -> String {
    format!(r#"<path d="{path}" fill="{fill}"/>"#)
}

fn line(path: &str, width: i32, stroke: &str) -> String {
    format!(r#"<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}"/>"#)
}
