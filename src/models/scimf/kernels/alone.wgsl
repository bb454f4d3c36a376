// Without interaction nobody attends to anything.
fn respond(first: u32, t: u32) -> Moments {
    for (var i = t; i < D * V; i += 256) { pool[AT_F + i] = vec4f(0); }
    if KEEP {
        load_positions(AT_A, first, t);
        workgroupBarrier();
        store(AT_A, X, D, first, t);
    }
    workgroupBarrier();
    return Moments();
}
