//! SVG as pixels, with a font of its own: the same picture on every machine.

use crate::{Error, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// The family name of the embedded fonts.
const FAMILY: &str = "DejaVu Sans";

/// Renders an SVG document as a PNG file; `scale` pixels a pixel of the document.
///
/// # Errors
/// The document cannot be read, or the picture is too large for the memory.
pub fn render(svg: &str, scale: f32) -> Result<Vec<u8>> {
    let mut options = Options { font_family: FAMILY.into(), ..Options::default() };
    let fonts = options.fontdb_mut();
    for font in [dejavu::sans::regular(), dejavu::sans::bold()] {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family(FAMILY);
    let tree = Tree::from_str(svg, &options)
        .map_err(|error| Error::internal(format!("The figure could not be read: {error}")))?;
    let size = [tree.size().width(), tree.size().height()].map(|side| (side * scale).ceil() as u32);
    let mut pixmap = Pixmap::new(size[0], size[1]).ok_or_else(|| {
        Error::request(format!("A picture of {} x {} pixels cannot be made", size[0], size[1]))
            .remedy("Choose a smaller --width and --height.")
    })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    encode(&pixmap)
}

fn encode(pixmap: &Pixmap) -> Result<Vec<u8>> {
    pixmap.encode_png().map_err(|error| Error::internal(format!("The picture could not be encoded: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).unwrap()
    }

    #[test]
    fn text_needs_no_font_of_the_machine() {
        let svg = |text: &str| {
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"40\" font-family=\"{}\">\
                 <text x=\"5\" y=\"30\">{text}</text></svg>",
                crate::figure::svg::FONTS
            )
        };
        let inked = |text| {
            let png = render(&svg(text), 2.0).unwrap();
            let pixmap = decoded(&png);
            assert_eq!((pixmap.width(), pixmap.height()), (400, 80));
            pixmap.pixels().iter().filter(|p| p.alpha() > 128).count()
        };
        assert!(inked("Wnt → BMP α") > inked("Wnt") && inked("Wnt") > 50);
        assert_eq!(inked(""), 0);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert!(render("no svg", 1.0).is_err());
    }
}
