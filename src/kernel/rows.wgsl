// Blocks of cells: a workgroup takes 4 V rows of a matrix at once, V vectors of four, so that a thread loads a number once for all of them.

alias Rows = array<vec4f, V>;

var<workgroup> pool: array<vec4f, POOL>;
var<workgroup> part: array<vec4f, PART>;

const LANES = vec4u(0, 1, 2, 3);

fn put_part(t: u32, rows: Rows) {
    for (var v = 0u; v < V; v++) { part[t * V + v] = rows[v]; }
}

// Largest of all threads' numbers, for all of them. Waits at the end.
fn most_of_threads(x: Rows, t: u32) -> Rows {
    var most = x;
    put_part(t, x);
    workgroupBarrier();
    if t < 16 {
        for (var i = t + 16; i < 256; i += 16) {
            for (var v = 0u; v < V; v++) { most[v] = max(most[v], part[i * V + v]); }
        }
        put_part(t, most);
    }
    workgroupBarrier();
    for (var i = 0u; i < 16; i++) {
        for (var v = 0u; v < V; v++) { most[v] = max(most[v], part[i * V + v]); }
    }
    workgroupBarrier();
    return most;
}

// Sum of all threads' numbers, for all of them. Waits at the end.
fn sum_of_threads(x: Rows, t: u32) -> Rows {
    var sum = x;
    put_part(t, x);
    workgroupBarrier();
    if t < 16 {
        for (var i = t + 16; i < 256; i += 16) {
            for (var v = 0u; v < V; v++) { sum[v] += part[i * V + v]; }
        }
        put_part(t, sum);
    }
    workgroupBarrier();
    sum = Rows();
    for (var i = 0u; i < 16; i++) {
        for (var v = 0u; v < V; v++) { sum[v] += part[i * V + v]; }
    }
    workgroupBarrier();
    return sum;
}
