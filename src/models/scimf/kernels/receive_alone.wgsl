// Without interaction the adjoint is complete.
fn finish(m: Moments, first: u32, t: u32) {
    for (var i = t; i < (D + 1) * ROWS; i += 256) {
        let row = first + i / (D + 1);
        let c = i % (D + 1);
        if row < N {
            var value = adjoint_of(row, c);
            if c < D { value = pool[AT_A + c * V + (i / (D + 1)) / 4][(i / (D + 1)) % 4]; }
            before[row * (D + 1) + c] = value;
        }
    }
}
