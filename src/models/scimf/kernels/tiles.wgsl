// Sums over a tile of 256 cells, which the threads put into `part`, one cell each.

// Threads of a head: each takes one of its columns and a share of the tile.
const SHARES = 256u / HEAD;

// Adds this thread's share of sum_j tile[j] matrix[j, column of the head], over the tile that begins at `j0`.
fn add_tile(sum: ptr<function, Rows>, tile: u32, matrix: u32, h: u32, j0: u32, t: u32) {
    let c = h * HEAD + t % HEAD;
    let end = min(256u, N - j0);
    if t < SHARES * HEAD {
        for (var i = t / HEAD; i < end; i += SHARES) {
            let value = scratch[matrix + (j0 + i) * D + c];
            for (var v = 0u; v < V; v++) { (*sum)[v] += part[tile + i * V + v] * value; }
        }
    }
}

// Brings the shares of a head's columns together in the pool. Waits at the end.
fn bring_together(sum: Rows, to: u32, h: u32, t: u32) {
    put_part(t, sum);
    workgroupBarrier();
    if t < HEAD {
        var whole = Rows();
        for (var s = 0u; s < SHARES; s++) {
            for (var v = 0u; v < V; v++) { whole[v] += part[(s * HEAD + t) * V + v]; }
        }
        put_column(to, h * HEAD + t, whole);
    }
    workgroupBarrier();
}
