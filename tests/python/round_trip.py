"""Reads what `scimf export` wrote with anndata, draws it with scVelo and hands it to CellRank.

    python round_trip.py study.h5ad picture.png

Fails if a number is missing, not finite, or means something else than its name says.
"""

import sys
import warnings

import matplotlib

matplotlib.use("Agg")
warnings.simplefilter("ignore")

import anndata
import cellrank
import numpy as np
import scvelo


def check(adata):
    """Names, shapes and the relations between the arrays."""
    about = adata.uns["scimf"]
    cells, times, types = adata.n_obs, len(about["time_points"]), len(about["cell_types"])
    states, velocity = adata.obsm["X_pca"], adata.obsm["velocity_pca"]
    assert states.shape == velocity.shape and states.shape[0] == cells
    assert np.isfinite(velocity).all() and np.abs(velocity).max() > 0
    length = np.linalg.norm(velocity, axis=1)
    np.testing.assert_allclose(adata.obs["velocity_length"], length, rtol=1e-4)
    time, kind = adata.obs[about["time_key"]], adata.obs[about["cell_type_key"]]
    assert time.cat.ordered and list(time.cat.categories) == list(about["time_points"])
    assert list(kind.cat.categories) == list(about["cell_types"])
    assert adata.obs_names.is_unique
    for key in ("version", "citation", "model", "weights", "fingerprint", "settings"):
        assert isinstance(about[key], str) and about[key], key

    attention = about["attention"]
    assert attention["mean"].shape == (times, types, types)
    # Attention weights of a receiver add up to 1 over the senders of its time point.
    counts = np.array([[np.sum((time == t) & (kind == k)) for k in kind.cat.categories] for t in time.cat.categories])
    for mean, count in zip(attention["mean"], counts):
        heard = mean @ count
        np.testing.assert_allclose(heard[np.isfinite(heard)], 1.0, atol=1e-3)

    # Pairs of types: what the data determine, and what goes from the drift without a sender.
    for table in (about["evidence"]["determinability"], about["effects"]["mean"]):
        assert table.shape == (types, types) and np.isfinite(table).any()
        assert np.nanmin(table) >= 0
    assert np.nanmax(about["evidence"]["determinability"]) <= 1

    # Fates are shares of copies; cells of the last time point have arrived.
    fates = adata.obs[[f"fate_{name}" for name in kind.cat.categories]].to_numpy()
    np.testing.assert_allclose(fates.sum(axis=1), 1.0, atol=1e-4)
    assert about["fates"]["cells"] == cells and about["fates"]["copies"] >= 1
    last = (time == time.cat.categories[-1]).to_numpy()
    assert (fates[last].argmax(axis=1) == kind.cat.codes[last]).all()

    if "velocity" in adata.layers:
        loadings = adata.varm["PCs"]
        np.testing.assert_allclose(adata.layers["velocity"], velocity @ loadings.T, atol=1e-3)
        centred = adata.layers["decoded"] - adata.layers["decoded"].mean(axis=0)
        np.testing.assert_allclose(centred, (states - states.mean(axis=0)) @ loadings.T, atol=1e-2)


def draw(adata, picture):
    """scVelo's stream plot of the vectors in the file."""
    drawn = adata.obsm["velocity_umap"].copy()
    about = adata.uns["scimf"]
    scvelo.pl.velocity_embedding_stream(
        adata, basis="umap", color=about["cell_type_key"], show=False, save=picture, dpi=60
    )
    assert np.array_equal(drawn, adata.obsm["velocity_umap"]), "scVelo drew vectors of its own"


def terminal_states(adata):
    """CellRank's transition matrix from the velocity in the components."""
    import scanpy

    scanpy.pp.neighbors(adata, use_rep="X_pca", n_neighbors=15)
    kernel = cellrank.kernels.VelocityKernel(adata, attr="obsm", xkey="X_pca", vkey="velocity_pca")
    kernel.compute_transition_matrix(show_progress_bar=False)
    rows = np.asarray(kernel.transition_matrix.sum(axis=1)).ravel()
    np.testing.assert_allclose(rows, 1.0, atol=1e-5)
    # Moves follow the velocity: a cell's mean step points along its arrow.
    states, velocity = adata.obsm["X_pca"], adata.obsm["velocity_pca"]
    steps = kernel.transition_matrix @ states - adata.obsp["connectivities"].astype(bool) @ states / np.asarray(
        adata.obsp["connectivities"].astype(bool).sum(axis=1)
    )
    cosines = np.sum(steps * velocity, axis=1) / (np.linalg.norm(steps, axis=1) * np.linalg.norm(velocity, axis=1))
    assert np.mean(cosines) > 0.2, np.mean(cosines)
    return np.mean(cosines)


if __name__ == "__main__":
    adata = anndata.read_h5ad(sys.argv[1])
    check(adata)
    draw(adata, sys.argv[2])
    cosine = terminal_states(adata)
    print(f"{adata.n_obs} cells: read by anndata {anndata.__version__}, drawn by scVelo {scvelo.__version__}, ")
    print(f"moved by CellRank {cellrank.__version__} with mean cosine {cosine:.2f} to the velocity")
