// Products of matrices, one for each place of the leading axes. A thread computes blocks of 4 x 4 numbers, one after the other. Threads share
// nothing: caches hold what neighbours read, small matrices fill workgroups together, and software adapters, to which a barrier costs more than a
// product, have none to wait at.

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

const LANES = vec4u(0, 1, 2, 3);

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

fn put(row: u32, column: u32, numbers: vec4f, start: u32) {
    if row >= size(ROWS) { return; }
    for (var i = 0u; i < min(4u, size(COLUMNS) - column); i++) {
        product[start + row * size(COLUMNS) + column + i] = numbers[i];
    }
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
    let across = (columns + 3) / 4;
    let blocks = across * ((rows + 3) / 4);

    for (var index = group.x * 256 + t; index < blocks * size(BATCHES); index += groups.x * 256) {
        let batch = index / blocks;
        let start = starts(batch);
        let row = index % blocks / across * 4;
        let column = index % blocks % across * 4;
        // Beyond an edge a lane takes the last row or column again, and nothing of it is kept.
        var left_at = start.x + min(row + LANES, vec4u(rows - 1)) * left_steps.x;
        var right_at = start.y + min(column + LANES, vec4u(columns - 1)) * right_steps.y;
        var row0 = vec4f();
        var row1 = vec4f();
        var row2 = vec4f();
        var row3 = vec4f();
        for (var k = 0u; k < inner; k++) {
            let across_rows = vec4f(left[left_at.x], left[left_at.y], left[left_at.z], left[left_at.w]);
            let numbers = vec4f(right[right_at.x], right[right_at.y], right[right_at.z], right[right_at.w]);
            row0 += across_rows.x * numbers;
            row1 += across_rows.y * numbers;
            row2 += across_rows.z * numbers;
            row3 += across_rows.w * numbers;
            left_at += left_steps.y;
            right_at += right_steps.x;
        }
        let first = batch * rows * columns;
        put(row, column, row0, first);
        put(row + 1, column, row1, first);
        put(row + 2, column, row2, first);
        put(row + 3, column, row3, first);
    }
}
