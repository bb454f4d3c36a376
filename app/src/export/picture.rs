//! A document as an address, and as pixels.

use crate::page;
use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

/// A `blob:` address of an SVG document; [`revoke`] it when it is no longer shown.
pub fn address(svg: &str) -> Option<String> {
    let options = BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &options).ok()?;
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
pub async fn png(svg: &str, [width, height]: [u32; 2]) -> Result<Vec<u8>, String> {
    let refused = |why: &str| {
        format!("A picture of {width} × {height} pixels could not be made ({why}). Choose a smaller size, or save SVG.")
    };
    let address = address(svg).ok_or_else(|| refused("no memory"))?;
    let drawn = draw(&address, [width, height]).await;
    revoke(&address);
    let blob = drawn.map_err(|error| refused(&page::message(&error)))?;
    let blob = blob.dyn_into::<Blob>().map_err(|_| refused("the browser gives no picture"))?;
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(|error| refused(&page::message(&error)))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn draw(address: &str, [width, height]: [u32; 2]) -> Result<JsValue, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(address);
    JsFuture::from(image.decode()).await?;
    let canvas: HtmlCanvasElement = leptos::prelude::document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("no canvas")?.unchecked_into::<CanvasRenderingContext2d>();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width.into(), height.into())?;
    let picture = Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            reject.call1(&JsValue::NULL, &error).ok();
        }
    });
    JsFuture::from(picture).await
}
