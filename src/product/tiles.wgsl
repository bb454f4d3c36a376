// Products of matrices, one for each place of the leading axes. A workgroup computes tiles of 16 x 16 numbers, one after the other.

// What `sizes` holds, each in the first of two words. Steps are numbers between two rows, and between two columns.
const ROWS = 0u;
const INNER = 1u;
const COLUMNS = 2u;
const LEFT_STEPS = 3u;
const RIGHT_STEPS = 5u;
const BATCHES = 7u;
const AXES = 8u;
// From here on, for each leading axis and the last one first, its size and the steps of the left and of the right matrices.
const FIRST_AXIS = 9u;

const TILE = 16u;

var<workgroup> of_left: array<f32, 256>;
var<workgroup> of_right: array<f32, 256>;

fn size(at: u32) -> u32 {
    return sizes[at].x;
}

// Where the matrices of a batch begin.
fn starts(batch: u32) -> vec2u {
    var rest = batch;
    var found = vec2u();
    for (var axis = 0u; axis < size(AXES); axis++) {
        let at = FIRST_AXIS + 3 * axis;
        found += (rest % size(at)) * vec2u(size(at + 1), size(at + 2));
        rest /= size(at);
    }
    return found;
}

// The place in a tile that a thread loads: neighbours load neighbouring numbers, whichever way the matrix lies.
fn place(t: u32, steps: vec2u) -> vec2u {
    let along_rows = vec2u(t / TILE, t % TILE);
    return select(along_rows, along_rows.yx, steps.x < steps.y);
}

@compute @workgroup_size(256)
fn main(
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
    @builtin(local_invocation_index) t: u32,
) {
    let rows = size(ROWS);
    let inner = size(INNER);
    let columns = size(COLUMNS);
    let left_steps = vec2u(size(LEFT_STEPS), size(LEFT_STEPS + 1));
    let right_steps = vec2u(size(RIGHT_STEPS), size(RIGHT_STEPS + 1));
    let from_left = place(t, left_steps);
    let from_right = place(t, right_steps);
    let own = vec2u(t / TILE, t % TILE);
    let across = (columns + TILE - 1) / TILE;
    let tiles = across * ((rows + TILE - 1) / TILE);

    for (var index = group.x; index < tiles * size(BATCHES); index += groups.x) {
        let batch = index / tiles;
        let start = starts(batch);
        let corner = TILE * vec2u(index % tiles / across, index % tiles % across);
        var sum = 0.0;
        for (var k = 0u; k < inner; k += TILE) {
            let left_at = vec2u(corner.x, k) + from_left;
            let right_at = vec2u(k, corner.y) + from_right;
            var left_value = 0.0;
            var right_value = 0.0;
            if left_at.x < rows && left_at.y < inner {
                left_value = left[start.x + left_at.x * left_steps.x + left_at.y * left_steps.y];
            }
            if right_at.x < inner && right_at.y < columns {
                right_value = right[start.y + right_at.x * right_steps.x + right_at.y * right_steps.y];
            }
            of_left[from_left.x * TILE + from_left.y] = left_value;
            of_right[from_right.x * TILE + from_right.y] = right_value;
            workgroupBarrier();
            for (var i = 0u; i < TILE; i++) {
                sum += of_left[own.x * TILE + i] * of_right[i * TILE + own.y];
            }
            workgroupBarrier();
        }
        let at = corner + own;
        if at.x < rows && at.y < columns {
            product[(batch * rows + at.x) * columns + at.y] = sum;
        }
    }
}
