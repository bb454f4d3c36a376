//! Laws of the dense linear algebra under principal components. They stand here, since a program of its own would compile faer's loops once more.

use faer::{Accum, Mat};
use scimf_dense::{eigen, multiply, orthonormal, product};

#[test]
fn eigenvectors_and_bases_are_orthonormal() {
    let matrix = Mat::from_fn(5, 5, |row, col| 1.0 / (1.0 + row as f64 + col as f64));
    let (values, vectors) = eigen(matrix.as_ref()).unwrap();
    assert!(values.is_sorted(), "{values:?}");
    let image = product(matrix.as_ref(), vectors.as_ref());
    for basis in [&vectors, &orthonormal(&matrix)] {
        let gram = product(basis.transpose(), basis.as_ref());
        assert!((&gram - Mat::<f64>::identity(5, 5)).norm_max() < 1e-12);
    }
    let scaled = Mat::from_fn(5, 5, |row, col| vectors[(row, col)] * values[col]);
    assert!((&image - &scaled).norm_max() < 1e-12);
    let mut sum = image.clone();
    multiply(sum.as_mut(), Accum::Add, matrix.as_ref(), vectors.as_ref(), -1.0);
    assert!(sum.norm_max() < 1e-12);
}
