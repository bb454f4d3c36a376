//! The colours of paper and ink, light and dark; the page's style sheet has the same.

use super::palette::Rgb;

/// What a figure is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Background.
    pub paper: Rgb,
    /// Text and lines that matter.
    pub ink: Rgb,
    /// Text that explains.
    pub quiet: Rgb,
    /// Grid lines.
    pub line: Rgb,
    /// Cells that are not in question.
    pub pale: Rgb,
    /// What stands out from the rest.
    pub accent: Rgb,
}

impl Theme {
    /// Colours on a light or dark page.
    #[must_use]
    pub const fn new(dark: bool) -> Self {
        if dark {
            Self {
                paper: Rgb::new(0x11_181c),
                ink: Rgb::new(0xe6_ecf0),
                quiet: Rgb::new(0x9f_b0ba),
                line: Rgb::new(0x32_414a),
                pale: Rgb::new(0x5a_6873),
                accent: Rgb::new(0x56_b4e9),
            }
        } else {
            Self {
                paper: Rgb::WHITE,
                ink: Rgb::new(0x1c_252b),
                quiet: Rgb::new(0x55_636d),
                line: Rgb::new(0xd8_dfe3),
                pale: Rgb::new(0x9a_a6ae),
                accent: Rgb::new(0x00_72b2),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read() {
        for theme in [Theme::new(false), Theme::new(true)] {
            for text in [theme.ink, theme.quiet, theme.accent] {
                assert!(theme.paper.contrast(text) >= 4.5, "{text} on {}", theme.paper);
            }
        }
    }
}
