// The drift of a block of cells into the pool. Waits at the end.
fn drift(first: u32, t: u32) -> Moments {
    let m = respond(first, t);
    load_positions(AT_A, first, t);
    workgroupBarrier();
    linear(AT_A, D, AT_B, HIDDEN, LINEAR1, LINEAR1_BIAS, t);
    leaky(AT_B, HIDDEN, HIDDEN1, first, t);
    linear(AT_B, HIDDEN, AT_A, HIDDEN, LINEAR2, LINEAR2_BIAS, t);
    leaky(AT_A, HIDDEN, HIDDEN2, first, t);
    linear(AT_A, HIDDEN, AT_B, D, LINEAR, LINEAR_BIAS, t);
    for (var i = t; i < D * V; i += 256) { pool[AT_F + i] += pool[AT_B + i]; }
    workgroupBarrier();
    return m;
}
