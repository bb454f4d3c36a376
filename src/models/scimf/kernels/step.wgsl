// One Euler-Maruyama step of a block of cells, action included.
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let first = group.x * ROWS;
    _ = drift(first, t);
    for (var i = t; i < D * ROWS; i += 256) {
        let row = first + i / D;
        let c = i % D;
        if row < N {
            let at = row * (D + 1) + c;
            let f = pool[AT_F + c * V + (i / D) / 4][(i / D) % 4];
            next[at] = state[at] + f * DT + noise[at] * (SIGMA * sqrt(DT));
        }
    }
    if t < ROWS && first + t < N {
        var power = 0.0;
        for (var c = 0u; c < D; c++) {
            let f = pool[AT_F + c * V + t / 4][t % 4];
            power += f * f;
        }
        let at = (first + t) * (D + 1) + D;
        next[at] = state[at] + power * DT;
    }
}
