//! What every drawing needs of the browser: its size, frames, a sharp canvas.

use crate::prelude::*;
use leptos::html;
use plotters::backend::DrawingBackend;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use plotters_canvas::CanvasBackend;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ResizeObserver, ResizeObserverEntry};

/// Font of text on a canvas.
pub const FONT: &str = "12px system-ui, sans-serif";

/// Width and height of an element in CSS pixels, followed as they change; zero until it is on the page.
pub fn size_of_element(element: NodeRef<html::Div>) -> RwSignal<[f64; 2]> {
    struct Watch {
        observer: ResizeObserver,
        _callback: Closure<dyn FnMut(js_sys::Array)>,
    }
    impl Drop for Watch {
        fn drop(&mut self) {
            self.observer.disconnect();
        }
    }
    let size = RwSignal::new([0.0; 2]);
    let watch = StoredValue::new_local(None::<Watch>);
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let Some(entry) = entries.iter().last() else { return };
            let rect = entry.unchecked_into::<ResizeObserverEntry>().content_rect();
            // A signal may be gone when the last notice of a removed element arrives.
            size.set([rect.width(), rect.height()]);
        });
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            watch.set_value(Some(Watch { observer, _callback: callback }));
        }
    });
    size
}

/// A function that asks for one call of `paint` before the next frame, however often it is called until then.
pub fn once_a_frame(paint: impl Fn() + 'static) -> impl Fn() {
    let (pending, paint) = (Rc::new(Cell::new(false)), Rc::new(paint));
    move || {
        if !pending.replace(true) {
            let (pending, paint) = (pending.clone(), paint.clone());
            request_animation_frame(move || {
                pending.set(false);
                paint();
            });
        }
    }
}

/// Device pixels a CSS pixel.
pub fn pixel_ratio() -> f64 {
    window().device_pixel_ratio().clamp(1.0, 4.0)
}

/// Makes a canvas as sharp as the screen, empties it and returns its context in CSS pixels; none while it has no size.
pub fn sharp_context(canvas: &HtmlCanvasElement, size: [f64; 2]) -> Option<CanvasRenderingContext2d> {
    let ratio = pixel_ratio();
    let [width, height] = size.map(|s| (s * ratio).round() as u32);
    if width == 0 || height == 0 {
        return None;
    }
    if canvas.width() != width || canvas.height() != height {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    context.clear_rect(0.0, 0.0, size[0], size[1]);
    Some(context)
}

/// plotters' canvas in CSS pixels on a [`sharp_context`]. It measures text by the canvas: plotters would put styled elements into the page for it,
/// which a strict Content-Security-Policy forbids.
pub struct SharpCanvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: [f64; 2],
}

impl SharpCanvas {
    /// An empty canvas of this size in CSS pixels; none while it has no size.
    pub fn new(canvas: HtmlCanvasElement, size: [f64; 2]) -> Option<Self> {
        let context = sharp_context(&canvas, size)?;
        Some(Self { inner: CanvasBackend::with_canvas_object(canvas)?, context, size })
    }
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl DrawingBackend for SharpCanvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        (self.size[0] as u32, self.size[1] as u32)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Drawn {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        self.inner.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Drawn {
        self.inner.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Drawn {
        self.inner.draw_rect(from, to, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        self.inner.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        self.inner.fill_polygon(path, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        self.inner.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        self.context.set_font(&format!("{} {}px {}", style.style().as_str(), style.size(), style.family().as_str()));
        let width = self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        Ok((width.ceil() as u32, style.size().ceil() as u32))
    }
}
