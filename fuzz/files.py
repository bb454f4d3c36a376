#!/usr/bin/env python3
"""Writes files/: the smallest files of HDF5 that hold what the readers know, for the targets `h5ad` and `tenx_h5` to set bytes of.

    pip install h5py==3.16 hdf5plugin==6
    python fuzz/files.py
"""

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

FOLDER = Path(__file__).resolve().parent / "files"
FOLDER.mkdir(exist_ok=True)
CELLS, GENES = 6, 5
TEXT = h5py.string_dtype()
DAYS = np.repeat([0, 2, 7], 2)
KINDS = np.array(["a", "b"] * 3)
COUNTS = (np.arange(CELLS * GENES).reshape(CELLS, GENES) * 7 % 4).astype("f4")
PCA = np.sin(np.arange(CELLS * 4, dtype="f4")).reshape(CELLS, 4)
PLANE = np.cos(np.arange(CELLS * 2, dtype="f8")).reshape(CELLS, 2)


def file(name, **options):
    return h5py.File(FOLDER / name, "w", **options)


def mark(item, kind, version="0.2.0"):
    item.attrs["encoding-type"], item.attrs["encoding-version"] = kind, version
    return item


def frame(parent, name, rows, prefix, order):
    group = mark(parent.create_group(name), "dataframe")
    group.attrs["_index"] = "_index"
    group.attrs["column-order"] = np.array(order, dtype=TEXT)
    mark(group.create_dataset("_index", data=[f"{prefix}{row}" for row in range(rows)], dtype=TEXT), "string-array")
    return group


def categories(parent, name, values, ordered=False):
    names, codes = np.unique(values, return_inverse=True)
    group = mark(parent.create_group(name), "categorical")
    group.attrs["ordered"] = ordered
    mark(group.create_dataset("codes", data=codes.astype("i1")), "array")
    mark(group.create_dataset("categories", data=names.astype(object), dtype=TEXT), "string-array")


def sparse(parent, name, dense, kind="csr_matrix", **options):
    by = dense if kind == "csr_matrix" else dense.T
    runs = [np.flatnonzero(run) for run in by]
    group = mark(parent.create_group(name), kind, "0.1.0")
    group.attrs["shape"] = dense.shape
    group.create_dataset("data", data=np.concatenate([by[at, run] for at, run in enumerate(runs)]), **options)
    group.create_dataset("indices", data=np.concatenate(runs).astype("i4"), **options)
    group.create_dataset("indptr", data=np.concatenate([[0], np.cumsum([len(run) for run in runs])]).astype("i4"))


def study(name, order=(), space=True, **options):
    made = mark(file(name, **options), "anndata", "0.1.0")
    obs = frame(made, "obs", CELLS, "c", ["day", *order])
    obs.create_dataset("day", data=DAYS)
    if space:
        made.create_group("obsm")["X_pca"] = PCA
    return made, obs, frame(made, "var", GENES, "g", [])


# Columns of each kind. A file has few of them, since every array costs time.
made, obs, _ = study("categories.h5ad", ["cell_type", "stage"])
categories(obs, "cell_type", KINDS)
categories(obs, "stage", np.repeat(["E6.5", "E7.5", "P0"], 2), ordered=True)
made.close()

made, obs, _ = study("texts.h5ad", ["batch", "flag", "size"])
obs.create_dataset("batch", data=["x", "y"] * 3, dtype=TEXT)
obs.create_dataset("flag", data=DAYS > 0)
obs.create_dataset("size", data=np.linspace(0, 1, CELLS, dtype="f4"))
made.close()

made, obs, _ = study("nullable.h5ad", ["maybe", "whole"])
for name, kind, values in [("maybe", "nullable-boolean", DAYS > 2), ("whole", "nullable-integer", DAYS.astype("i4"))]:
    group = mark(obs.create_group(name), kind, "0.1.0")
    group.create_dataset("values", data=values)
    group.create_dataset("mask", data=DAYS == 2)
made.close()

made, obs, _ = study("logicals.h5ad", ["flag", "bits"])
logical = h5py.enum_dtype({"FALSE": 0, "TRUE": 1, "NA": 2}, basetype="i1")
obs.create_dataset("flag", data=np.array([0, 1, 2] * 2, "i1"), dtype=logical)
field = h5py.h5t.STD_B8LE.copy()
bits = h5py.h5d.create(obs.id, b"bits", field, h5py.h5s.create_simple((CELLS,)))
bits.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, 0] * 3, "u1"), mtype=field)
made.close()

# Spaces, with loadings and as a table.
made, _, _ = study("dense.h5ad")
made["X"] = COUNTS
made["obsm/X_umap"] = PLANE
made.create_group("varm")["PCs"] = np.ones((GENES, 4))
made.close()

made, _, _ = study("table.h5ad", space=False)
table = frame(made.create_group("obsm"), "X_scVI", CELLS, "c", [str(axis) for axis in range(4)])
for axis in range(4):
    table.create_dataset(str(axis), data=PCA[:, axis])
made.close()

# Sparse matrices, in pieces and packed; names of genes beside accession numbers.
made, _, var = study("csr.h5ad", space=False)
var.create_dataset("feature_name", data=[f"Gene{gene}" for gene in range(GENES)], dtype=TEXT)
sparse(made, "X", np.log1p(COUNTS), chunks=(8,), compression="gzip", shuffle=True, fletcher32=True)
made.close()

made, _, _ = study("raw.h5ad", space=False)
sparse(made.create_group("raw"), "X", COUNTS, "csc_matrix", chunks=(5,), compression="lzf")
frame(made["raw"], "var", GENES, "g", [])
made.close()

# Half precision, and filters that are undone by this project.
blosc = hdf5plugin.Blosc(cname="zstd", shuffle=2)
for name, kind, packed in [("zstd", "f2", hdf5plugin.Zstd()), ("lz4", "f4", hdf5plugin.LZ4()), ("blosc", "i4", blosc)]:
    made, _, _ = study(f"{name}.h5ad", space=False)
    made.create_dataset("X", data=COUNTS.astype(kind), chunks=(4, 3), **packed)
    made.close()

# The newest layout of HDF5, with every index of pieces that is read.
made, obs, _ = study("newest.h5ad", ["more"], space=False, libver="latest")
obs.create_dataset("more", data=DAYS.astype("f4"), chunks=(4,), maxshape=(None,), compression="gzip")
made.create_dataset("X", data=COUNTS, chunks=(4, 3), compression="gzip")
made.create_group("obsm").create_dataset("X_pca", data=PCA, chunks=(4, 4), maxshape=(None, 4))
made["obsm"].create_dataset("X_umap", data=PLANE, chunks=(6, 2))
made.close()

# AnnData before 0.7: tables are arrays of records.
made = file("old.h5ad")
made["X"] = COUNTS
made["obs"] = np.array(
    [(f"c{cell}".encode(), DAYS[cell], cell % 2, cell / 4) for cell in range(CELLS)],
    dtype=[("index", "S4"), ("day", "i4"), ("kind", "i1"), ("size", "f4")],
)
made["var"] = np.array([(f"g{gene}".encode(), gene) for gene in range(GENES)], dtype=[("index", "S4"), ("n", "i8")])
made["obsm"] = np.array([(PCA[cell], PLANE[cell]) for cell in range(CELLS)], dtype=[("X_pca", "f4", 4), ("X_umap", "f8", 2)])
made["uns/kind_categories"] = np.array([b"a", b"b"])
made.close()

# Loom: genes x cells.
made = file("study.loom")
made.create_dataset("matrix", data=COUNTS.T, chunks=(3, 4), compression="gzip")
made["row_attrs/Gene"] = np.array([f"g{gene}".encode() for gene in range(GENES)])
made["col_attrs/CellID"] = np.array([f"c{cell}".encode() for cell in range(CELLS)])
made["col_attrs/day"] = DAYS
made["col_attrs/Clusters"] = np.array([kind.encode() for kind in KINDS])
for empty in ["row_graphs", "col_graphs"]:
    made.create_group(empty)
made.close()


def counted(group, kinds):
    runs = [np.flatnonzero(run) for run in COUNTS]
    group["data"] = np.concatenate([COUNTS[at, run] for at, run in enumerate(runs)]).astype("i4")
    group["indices"] = np.concatenate(runs).astype("i8")
    group["indptr"] = np.concatenate([[0], np.cumsum([len(run) for run in runs])]).astype("i8")
    group["shape"] = np.array([GENES, CELLS], "i4")
    group["barcodes"] = np.array([f"AAAC-{1 + cell // 2}".encode() for cell in range(CELLS)])
    if kinds:
        features = group.create_group("features")
        features["id"] = np.array([f"ENSG{gene}".encode() for gene in range(GENES)])
        features["name"] = np.array([f"Gene{gene}".encode() for gene in range(GENES)])
        features["feature_type"] = np.array([b"Gene Expression"] * 4 + [b"Antibody Capture"])
        features["_all_tag_keys"] = np.array([b"genome"])
    else:
        group["genes"] = np.array([f"ENSG{gene}".encode() for gene in range(GENES)])
        group["gene_names"] = np.array([f"Gene{gene}".encode() for gene in range(GENES)])


# Cell Ranger 2 (a group for each genome), and 3 and later.
made = file("v2.h5")
counted(made.create_group("mm10"), False)
made.create_group("hg19")
made.close()
made = file("v3.h5")
made.attrs["filetype"], made.attrs["version"] = "matrix", 2
counted(made.create_group("matrix"), True)
made.close()
