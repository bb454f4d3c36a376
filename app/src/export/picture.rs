//! A document as an address, and as pixels.

use crate::page;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

/// A `blob:` address of an SVG document; [`revoke`] it when it is no longer shown.
pub fn address(svg: &str) -> Option<String> {
    address_of(&svg.into(), "image/svg+xml")
}

/// The same of a film.
pub fn film_address(gif: &[u8]) -> Option<String> {
    address_of(&Uint8Array::from(gif), "image/gif")
}

fn address_of(content: &JsValue, kind: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    // A text and an array are both parts that a blob takes.
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(content), &options).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}

/// Frees the document behind an address.
pub fn revoke(address: &str) {
    Url::revoke_object_url(address).ok();
}

/// An SVG document as a PNG file of this many pixels.
///
/// # Errors
/// The browser cannot draw it, most likely because it is too large; in words.
pub async fn png(svg: &str, size: [u32; 2]) -> Result<Vec<u8>, String> {
    let canvas = drawn(svg, size).await?;
    let picture = Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            reject.call1(&JsValue::NULL, &error).ok();
        }
    });
    let refused = |error: &JsValue| refused(size, &page::message(error));
    let blob = JsFuture::from(picture).await.map_err(|error| refused(&error))?;
    let blob = blob.dyn_into::<Blob>().map_err(|_| refused(&"the browser gives no picture".into()))?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|error| refused(&error))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The pixels of an SVG document, four bytes each, row by row.
///
/// # Errors
/// As [`png`].
pub async fn pixels(svg: &str, size: [u32; 2]) -> Result<Vec<u8>, String> {
    let [width, height] = size.map(f64::from);
    let data = context(&drawn(svg, size).await?).and_then(|context| context.get_image_data(0.0, 0.0, width, height));
    Ok(data.map_err(|error| refused(size, &page::message(&error)))?.data().0)
}

fn refused([width, height]: [u32; 2], why: &str) -> String {
    format!("A picture of {width} × {height} pixels could not be made ({why}). Choose a smaller size, or save SVG.")
}

/// A canvas with an SVG document on it.
async fn drawn(svg: &str, size: [u32; 2]) -> Result<HtmlCanvasElement, String> {
    let address = address(svg).ok_or_else(|| refused(size, "no memory"))?;
    let drawn = draw(&address, size).await;
    revoke(&address);
    drawn.map_err(|error| refused(size, &page::message(&error)))
}

async fn draw(address: &str, [width, height]: [u32; 2]) -> Result<HtmlCanvasElement, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = leptos::prelude::document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    context(&canvas)?.draw_image_with_html_image_element_and_dw_and_dh(
        &image,
        0.0,
        0.0,
        width.into(),
        height.into(),
    )?;
    Ok(canvas)
}

fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d, JsValue> {
    Ok(canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into())
}
