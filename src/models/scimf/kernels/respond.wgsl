// What a block of receivers makes of what it attends to; returns the moments of that, which stays standardised in the pool.
fn respond(first: u32, t: u32) -> Moments {
    load(AT_Q, Q, D, first, t);
    workgroupBarrier();
    attend(AT_Y, first, t);
    let m = moments(AT_Y);
    standardise(AT_Y, m, t);
    scale_and_shift(AT_Y, AT_A, NORM2, t);
    if KEEP {
        store(AT_Y, Y_STANDARD, D, first, t);
        store(AT_A, RESPONDING, D, first, t);
    }
    linear(AT_A, D, AT_B, WIDE, FC1, FC1_BIAS, t);
    leaky(AT_B, WIDE, WIDE1, first, t);
    linear(AT_B, WIDE, AT_F, D, FC2, FC2_BIAS, t);
    return m;
}
