@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
    let s = Setting(setting[0], setting[1], setting[2]);
    let p = problem(group.x);
    load_rows(p, t);
    let x = sums(p, s, t);
    if t < ROWS && p.first + t < p.rows {
        let at = p.own + p.first + t;
        let value = softmin(x, s, t);
        if s.average > 0 {
            after[at] = 0.5 * (before[at] + value);
        } else {
            after[at] = value;
        }
    }
}
