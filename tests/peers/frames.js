// Counting frames in a page: what is put into it before its own scripts, and a hand that moves its plane.

/** Counts what the page draws: calls and points on the GPU, strokes and fills on plain canvases. */
export function watch() {
  const drawn = { calls: 0, points: 0, marks: 0, contexts: new Set() };
  window.drawn = drawn;
  for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
    const { drawArrays } = prototype;
    prototype.drawArrays = function (mode, first, count) {
      if (mode === this.POINTS && count > 1000) {
        drawn.calls += 1;
        drawn.points += count;
        drawn.contexts.add(this);
      }
      return drawArrays.call(this, mode, first, count);
    };
  }
  for (const name of ["stroke", "fill"]) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...rest) {
      drawn.marks += 1;
      return original.apply(this, rest);
    };
  }
}

/** Pans and zooms the plane under `selector` in every frame, for some seconds. */
export async function move([selector, seconds]) {
  const { drawn } = window;
  const target = document.querySelector(selector);
  const box = target.getBoundingClientRect();
  const centre = [box.x + box.width / 2, box.y + box.height / 2];
  const fire = (Kind, type, [clientX, clientY], more) =>
    target.dispatchEvent(new Kind(type, { clientX, clientY, bubbles: true, cancelable: true, button: 0, buttons: 1, view: window, ...more }));
  const press = (type, at) => (fire(PointerEvent, `pointer${type}`, at, { pointerId: 1 }), fire(MouseEvent, `mouse${type}`, at));
  const frame = () => new Promise(requestAnimationFrame);
  const pixel = new Uint8Array(4);
  // Everything that was ordered is done once a pixel can be read.
  const settle = () => drawn.contexts.forEach((gl) => gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel));
  press("down", centre);
  await frame();
  settle();
  const points = drawn.points;
  const begin = performance.now();
  let frames = 0;
  for (let k = 0; performance.now() - begin < seconds * 1000; k += 1) {
    const before = drawn.calls;
    const at = [centre[0] + 60 * Math.sin(k / 15), centre[1] + 40 * Math.cos(k / 15)];
    press("move", at);
    fire(WheelEvent, "wheel", centre, { deltaY: k % 80 < 40 ? -25 : 25 });
    await frame();
    frames += drawn.calls > before;
  }
  settle();
  const took = (performance.now() - begin) / 1000;
  press("up", centre);
  return { frames: frames / took, points: (drawn.points - points) / took };
}

/** Counts the frames in which marks were drawn on plain canvases while `button` is pressed down, for some seconds at most. */
export async function marks([button, seconds]) {
  const { drawn } = window;
  const begin = performance.now();
  let frames = 0;
  while (button.getAttribute("aria-pressed") === "true" && performance.now() - begin < seconds * 1000) {
    const before = drawn.marks;
    await new Promise(requestAnimationFrame);
    frames += drawn.marks > before;
  }
  return (frames * 1000) / (performance.now() - begin);
}
