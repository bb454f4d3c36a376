// Adds a step's share to the gradients of all weights, in tiles of 32 x 32: sum_i input[i, k] gradient[i, o], with an input of 1 for a bias.

// Two matrices [N, k] and [N, o] in the scratch memory whose product goes to `to`, and the number of its first tile.
struct Layer { input: u32, k: u32, back: u32, o: u32, to: u32, bias: u32, tile: u32 }

// Standardised inputs and the gradient after a norm: [N, D] each, to gamma and beta.
struct Norm { standard: u32, back: u32, to: u32 }

var<workgroup> inputs: array<vec2f, 512>;
var<workgroup> backs: array<vec2f, 512>;

fn input_of(layer: Layer, row: u32, k: u32) -> f32 {
    if row >= N || k > layer.k { return 0.0; }
    if k == layer.k { return f32(layer.bias); }
    return scratch[layer.input + row * layer.k + k];
}

fn back_of(layer: Layer, row: u32, o: u32) -> f32 {
    if row >= N || o >= layer.o { return 0.0; }
    return scratch[layer.back + row * layer.o + o];
}

fn multiply(layer: Layer, tile: u32, t: u32) {
    let across = (layer.o + 31) / 32;
    let k0 = (tile - layer.tile) / across * 32;
    let o0 = (tile - layer.tile) % across * 32;
    let k = t / 16;
    let o = t % 16;
    var sum = mat2x2f();
    for (var row0 = 0u; row0 < N; row0 += 32) {
        for (var i = t; i < 512; i += 256) {
            let row = row0 + i / 16;
            let c = 2 * (i % 16);
            inputs[i] = vec2f(input_of(layer, row, k0 + c), input_of(layer, row, k0 + c + 1));
            backs[i] = vec2f(back_of(layer, row, o0 + c), back_of(layer, row, o0 + c + 1));
        }
        workgroupBarrier();
        for (var i = 0u; i < 32; i++) {
            let input = inputs[i * 16 + k];
            let back = backs[i * 16 + o];
            sum[0] += input.x * back;
            sum[1] += input.y * back;
        }
        workgroupBarrier();
    }
    for (var a = 0u; a < 2; a++) {
        for (var b = 0u; b < 2; b++) {
            let to_k = k0 + 2 * k + a;
            let to_o = o0 + 2 * o + b;
            if to_k < layer.k + layer.bias && to_o < layer.o { gradients[layer.to + to_k * layer.o + to_o] += sum[a][b]; }
        }
    }
}

fn weigh_norm(norm: Norm, c0: u32, t: u32) {
    let c = c0 + t % 32;
    var sum = vec2f();
    if c < D {
        for (var row = t / 32; row < N; row += 8) {
            let back = scratch[norm.back + row * D + c];
            sum += vec2f(back * scratch[norm.standard + row * D + c], back);
        }
    }
    inputs[t] = sum;
    workgroupBarrier();
    if t < 32 && c < D {
        for (var i = t + 32; i < 256; i += 32) { sum += inputs[i]; }
        gradients[norm.to + c] += sum.x;
        gradients[norm.to + D + c] += sum.y;
    }
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    if group.x < TILES {
        multiply(layer_of(group.x), group.x, t);
    } else {
        let across = (D + 31) / 32;
        weigh_norm(norm_of((group.x - TILES) / across), (group.x - TILES) % across * 32, t);
    }
}
