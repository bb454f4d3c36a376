//! The simulated cells on their way, as an animated GIF.

use super::{picture, plane};
use crate::prelude::*;
use crate::state::State;
use scimf::figure::film::Film;
use scimf::figure::svg::Format;

/// Pictures of a film.
pub const PICTURES: usize = 60;
/// Time between two of them, in hundredths of a second.
const DELAY: u16 = 10;

/// The film of what is played, from its start to its end. Whoever waits hears after each picture how many there are, and ends the work by answering
/// false: then there is no film.
///
/// # Errors
/// Nothing is simulated in the plane that is shown, or the browser cannot draw a picture; in words.
pub async fn film(state: State, format: &Format, goes_on: impl Fn(usize) -> bool) -> Result<Option<Vec<u8>>, String> {
    let nothing = || "There are no simulated cells in this plane. Simulate first, or wait for them.".to_owned();
    let range = untrack(|| state.played_range().filter(|_| plane::is_moving(state)));
    let [start, end] = range.ok_or_else(nothing)?;
    let size = format.size.map(|side| side as u32);
    let mut film: Option<Film> = None;
    for made in 0..PICTURES {
        if !goes_on(made) {
            return Ok(None);
        }
        let time = start + (end - start) * made as f64 / (PICTURES - 1) as f64;
        let svg = untrack(|| plane::cells_at(state, Some(time), format)).ok_or_else(nothing)??;
        let pixels = picture::pixels(&svg, size).await?;
        let film = match &mut film {
            Some(film) => film,
            None => film.insert(Film::new(size, DELAY, &pixels).map_err(|error| error.to_string())?),
        };
        film.add(&pixels).map_err(|error| error.to_string())?;
    }
    film.map(|film| film.finish().map_err(|error| error.to_string())).transpose()
}
