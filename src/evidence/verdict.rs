//! What follows from the numbers of a link.

use crate::protocol::{DETERMINED, Link, Spread, Verdict};

/// Standard deviations by which an effect has to exceed its twin.
const BEYOND_TWIN: f64 = 3.0;

/// Judges a link: by its contrast where a sample allows one; else by the effect in fitted models beside the twin's, if the data determine the
/// link at all.
pub fn verdict(link: &Link) -> Verdict {
    if let Some(contrast) = link.contrast {
        return match contrast.f >= contrast.threshold {
            true => Verdict::Supported,
            false if link.determinability.is_none_or(|share| share < DETERMINED) => Verdict::Undetermined,
            false => Verdict::NotSupported,
        };
    }
    match (link.determinability, link.effect, link.twin) {
        (Some(share), ..) if share < DETERMINED => Verdict::Undetermined,
        (None, ..) => Verdict::Undetermined,
        (_, Some(effect), Some(twin)) if beyond(effect, twin) >= BEYOND_TWIN => Verdict::Supported,
        (_, Some(_), Some(_)) => Verdict::NotSupported,
        _ => Verdict::Untested,
    }
}

/// By how many standard deviations an effect exceeds that of the twin.
fn beyond(effect: Spread, twin: Spread) -> f64 {
    (effect.mean - twin.mean) / effect.sd.hypot(twin.sd).max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Contrast;

    #[test]
    fn a_verdict_follows_from_contrast_then_effect() {
        let link = Link {
            receiver: 0,
            sender: 1,
            determinability: Some(0.2),
            contrast: None,
            linear: None,
            effect: None,
            twin: None,
            verdict: Verdict::default(),
        };
        let spread = |mean: f64| Some(Spread { mean, sd: 0.01, interval: None });
        let contrast = |f: f64| Some(Contrast { f, times: 6, threshold: 1.5 });
        assert_eq!(verdict(&link), Verdict::Untested);
        assert_eq!(verdict(&Link { determinability: Some(0.01), ..link.clone() }), Verdict::Undetermined);
        assert_eq!(verdict(&Link { contrast: contrast(2.0), ..link.clone() }), Verdict::Supported);
        assert_eq!(verdict(&Link { contrast: contrast(1.1), ..link.clone() }), Verdict::NotSupported);
        let fitted = Link { effect: spread(0.2), twin: spread(0.05), ..link };
        assert_eq!(verdict(&fitted), Verdict::Supported);
        assert_eq!(verdict(&Link { twin: spread(0.19), ..fitted.clone() }), Verdict::NotSupported);
        assert_eq!(verdict(&Link { determinability: Some(0.01), ..fitted }), Verdict::Undetermined);
    }
}
