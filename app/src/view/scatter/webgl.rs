//! Cells as round points, drawn by the GPU through WebGL2.

use js_sys::{Object, Reflect};
use scimf::figure::cells::{Style, dots};
use scimf::figure::scatter::{Bounds, Viewport, pairs};
use scimf::protocol::Cells;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlCanvasElement, WebGl2RenderingContext as Gl, WebGlBuffer, WebGlProgram, WebGlUniformLocation};

/// Bytes of a vertex: x, y, colour with opacity, radius.
const STRIDE: i32 = 16;
/// Largest step through the vertices that WebGL allows: 255 bytes.
pub const MOST_LEFT_OUT: i32 = 15;

// The disc with a soft edge of one pixel of `figure::points`.
const VERTEX: &str = "#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in vec4 color;
layout(location = 2) in float size;
uniform vec2 scale;
uniform vec2 shift;
uniform float radius;
out vec4 tint;
out vec2 extent;
void main() {
  float reach = radius * size + 0.5;
  float side = 2.0 * reach;
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  gl_PointSize = side;
  tint = color;
  extent = vec2(reach, side);
}";
const FRAGMENT: &str = "#version 300 es
precision highp float;
in vec4 tint;
in vec2 extent;
out vec4 color;
void main() {
  float coverage = clamp(extent.x - length(gl_PointCoord - 0.5) * extent.y, 0.0, 1.0);
  float alpha = tint.a * coverage;
  color = vec4(tint.rgb * alpha, alpha);
}";

/// Cells in the memory of the GPU.
pub struct Points {
    gl: Gl,
    program: WebGlProgram,
    buffer: WebGlBuffer,
    uniforms: [WebGlUniformLocation; 3],
    /// Data coordinates that the buffer's places are relative to: small numbers stay exact.
    origin: [f64; 2],
    count: i32,
}

impl Points {
    /// Prepares a canvas; none where there is no WebGL2, or it does not work.
    pub fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let wishes = Object::new();
        // Points have soft edges of their own; what was drawn stays, so that it can be saved as a picture.
        for (wish, value) in [("antialias", false), ("depth", false), ("preserveDrawingBuffer", true)] {
            Reflect::set(&wishes, &JsValue::from(wish), &JsValue::from(value)).ok()?;
        }
        let gl: Gl = canvas.get_context_with_context_options("webgl2", &wishes).ok()??.dyn_into().ok()?;
        let program = program(&gl)?;
        let uniform = |name: &str| gl.get_uniform_location(&program, name);
        let uniforms = [uniform("scale")?, uniform("shift")?, uniform("radius")?];
        let buffer = gl.create_buffer()?;
        (0..3).for_each(|attribute| gl.enable_vertex_attrib_array(attribute));
        gl.enable(Gl::BLEND);
        gl.blend_func(Gl::ONE, Gl::ONE_MINUS_SRC_ALPHA);
        Some(Self { gl, program, buffer, uniforms, origin: [0.0; 2], count: 0 })
    }

    /// Takes in the cells with their looks, in drawing order. `style` has dots of radius 1.
    pub fn fill(&mut self, cells: &Cells, bounds: Bounds, style: &Style) {
        let points = pairs(&cells.positions);
        self.origin = [0, 1].map(|axis| (bounds.low[axis] + bounds.high[axis]) / 2.0);
        let mut vertices = Vec::with_capacity(points.len() * STRIDE as usize);
        dots(cells, style, |i, dot| {
            let Some(point) = points.get(i).filter(|point| point.iter().all(|c| c.is_finite())) else { return };
            for (place, origin) in point.iter().zip(self.origin) {
                let place = (f64::from(*place) - origin) as f32;
                vertices.extend_from_slice(&place.to_le_bytes());
            }
            let alpha = (dot.alpha * 255.0).round() as u8;
            vertices.extend_from_slice(&[dot.color.r, dot.color.g, dot.color.b, alpha]);
            vertices.extend_from_slice(&dot.radius.to_le_bytes());
        });
        self.count = (vertices.len() / STRIDE as usize) as i32;
        self.gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.buffer));
        self.gl.buffer_data_with_u8_array(Gl::ARRAY_BUFFER, &vertices, Gl::STATIC_DRAW);
    }

    /// Draws a part of the plane on a canvas of `size` device pixels, with dots of `radius` device pixels: of the cells only one in `every`,
    /// at most [`MOST_LEFT_OUT`], as evenly spread as their order is.
    pub fn draw(&self, viewport: &Viewport, size: [u32; 2], radius: f64, every: i32) {
        let gl = &self.gl;
        gl.bind_buffer(Gl::ARRAY_BUFFER, Some(&self.buffer));
        for (attribute, numbers, kind, normalised, offset) in
            [(0, 2, Gl::FLOAT, false, 0), (1, 4, Gl::UNSIGNED_BYTE, true, 8), (2, 1, Gl::FLOAT, false, 12)]
        {
            gl.vertex_attrib_pointer_with_i32(attribute, numbers, kind, normalised, STRIDE * every, offset);
        }
        let scale = [0, 1].map(|axis| 2.0 * viewport.scale / viewport.size[axis]);
        let shift = [0, 1].map(|axis| (self.origin[axis] - viewport.center[axis]) * scale[axis]);
        gl.viewport(0, 0, size[0] as i32, size[1] as i32);
        gl.clear_color(0.0, 0.0, 0.0, 0.0);
        gl.clear(Gl::COLOR_BUFFER_BIT);
        gl.use_program(Some(&self.program));
        gl.uniform2f(Some(&self.uniforms[0]), scale[0] as f32, scale[1] as f32);
        gl.uniform2f(Some(&self.uniforms[1]), shift[0] as f32, shift[1] as f32);
        gl.uniform1f(Some(&self.uniforms[2]), radius as f32);
        gl.draw_arrays(Gl::POINTS, 0, self.count / every);
    }
}

fn program(gl: &Gl) -> Option<WebGlProgram> {
    let program = gl.create_program()?;
    for (kind, source) in [(Gl::VERTEX_SHADER, VERTEX), (Gl::FRAGMENT_SHADER, FRAGMENT)] {
        let shader = gl.create_shader(kind)?;
        gl.shader_source(&shader, source);
        gl.compile_shader(&shader);
        gl.attach_shader(&program, &shader);
    }
    gl.link_program(&program);
    if gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy() {
        return Some(program);
    }
    leptos::logging::error!("the points' program: {}", gl.get_program_info_log(&program).unwrap_or_default());
    None
}
