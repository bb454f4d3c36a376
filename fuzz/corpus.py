#!/usr/bin/env python3
"""Writes the seed corpus of every target into corpus/, from tests/fixtures. Needs Python's standard library only."""

import gzip
import json
import shutil
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "tests" / "fixtures"
# Longer inputs cost more than they find.
LONGEST = 210_000
# What `scimf_fuzz::build::parts` splits at.
BETWEEN = b"\n%%\n"


def seed(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    if len(content) <= LONGEST:
        (folder / name).write_bytes(content)


def fixture(name):
    return (FIXTURES / name).read_bytes()


def entries(name):
    with zipfile.ZipFile(FIXTURES / name) as archive:
        return {entry: archive.read(entry) for entry in archive.namelist()}


shutil.rmtree(HERE / "corpus", ignore_errors=True)

# Each of the small files as it is, from memory and in slices.
for target, count in [("h5ad", 14), ("tenx_h5", 2)]:
    for which in range(count):
        seed(target, f"file{which}", bytes([which]))
        seed(target, f"sliced{which}", bytes([128 + which]))
# Whole files, for runs that allow long inputs.
for path in sorted(FIXTURES.glob("h5ad/*.h5ad")):
    seed("h5ad", path.name, path.read_bytes())
for name in ["anndata-0.6/old.h5ad", "containers/study.loom", "half-precision/x-float16.h5ad", "logical-na/julia-bitfield.h5ad"]:
    seed("h5ad", name.replace("/", "-"), fixture(f"cases/{name}"))
for path in sorted(FIXTURES.glob("tenx/*.h5")):
    seed("tenx_h5", path.name, path.read_bytes())
for name in ["arrays_python.npz", "spiral.npz", "bundle_python.zip"]:
    seed("archive", name, fixture(name))

counts, barcodes, features = (
    gzip.decompress(fixture(f"tenx/{name}.gz")) for name in ["matrix.mtx", "barcodes.tsv", "features.tsv"]
)
days = b"barcode\tday\n" + b"".join(line + b"\t%d\n" % (at // 3) for at, line in enumerate(barcodes.splitlines()))
seed("tenx_folder", "folder", BETWEEN.join([counts, barcodes, features]))
seed("tenx_folder", "folder_with_days", BETWEEN.join([counts, barcodes, features, days]))
turned = b"%%MatrixMarket matrix coordinate pattern general\n% turned\n2 1 2\n1 1\n2 1\n"
seed("tenx_folder", "pattern", BETWEEN.join([turned, b"A-1\nB-2\n", b"id\tActb\tGene Expression\n"]))

seed("joined", "folders", BETWEEN.join([counts, barcodes, features, counts, barcodes, features]))
joined = b"cell," + b",".join(b"Gene%d" % gene for gene in range(9)) + b"\n" + b"".join(b"c%d,1,0,2,0,3,0,1,%d,5\n" % (at, at) for at in range(4))
seed("joined", "tables", BETWEEN.join([joined, joined, joined]))
seed("joined", "with_samples", BETWEEN.join([joined, joined, joined, b"file,time\nrep1_day0,0\nrep1_day2,2\nrep2_day2,2\n"]))

table = b"id,day,type,Actb,Gata4\nx,1,a,1.5,0\ny,2,b,0,2e3\nz,2,,NA,-1\n"
for target in ["table", "packed_table"]:
    seed(target, "commas", table)
    seed(target, "tabs", table.replace(b",", b"\t"))
    seed(target, "semicolons", table.replace(b",", b";").replace(b"\n", b"\r\n"))
    seed(target, "quoted", b'\xef\xbb\xbf"id","A","day"\n"x, y",1.5,0\n"y""",0,2000\n')
    seed(target, "genes_in_rows", b"gene,AAACCTGAGAAACCAT-1,AAACCTGAGAAACCGC-1\nActb,1,2\n")
seed("table", "packed", gzip.compress(table * 40))

seed("signs", "trrust", b"AATF\tBAX\tRepression\t22909821\nABL1\tBAX\tActivation\t11753601\nSOX2\tNANOG\tUnknown\t1\n")
seed("signs", "commas", b'"a","b","+"\na,c,-1\na,c,1\n')

tensors = {"hidden.0.weight": [3, 3], "hidden.0.bias": [3], "head.weight": [4, 3], "head.bias": [4]}
header, end = {"__metadata__": {"cell-mnn": json.dumps({"config": {"dimensions": 2, "hidden": 3}, "centre": [0, 0], "scale": [1, 1]})}}, 0
for name, shape in tensors.items():
    size = 4
    for side in shape:
        size *= side
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
    end += size
text = json.dumps(header).encode()
seed("safetensors", "part_of_cell_mnn", len(text).to_bytes(8, "little") + text + bytes(end))
seed("safetensors", "empty", (2).to_bytes(8, "little") + b"{}")

checkpoint = entries("scimf_d50_checkpoint.pt")
pickle = next(content for name, content in checkpoint.items() if name.endswith("data.pkl"))
seed("checkpoint", "state_dict", BETWEEN.join([pickle, bytes(64), bytes(64)]))
seed("checkpoint", "globals", BETWEEN.join([b"\x80\x02cos\nsystem\nq\x00X\x02\x00\x00\x00id\x85R.", bytes(8)]))
tensor = (
    b"\x80\x02}q\x00X\x11\x00\x00\x00model_state_dictq\x01}q\x02X\x0f\x00\x00\x00diffusion.sigmaq\x03"
    b"ctorch._utils\n_rebuild_tensor_v2\nq\x04((X\x07\x00\x00\x00storageq\x05ctorch\nFloatStorage\nq\x06X\x01\x00\x00\x000q\x07"
    b"X\x03\x00\x00\x00cpuq\x08K\x04tq\x09QK\x00K\x01K\x04\x86q\x0aK\x04K\x01\x86q\x0b\x89ccollections\nOrderedDict\nq\x0c)R"
    b"tRssX\x05\x00\x00\x00epochq\x0dK\x07s."
)
seed("checkpoint", "one_tensor", BETWEEN.join([tensor, bytes(16)]))

seed("bundle", "python", entries("bundle_python.zip")["manifest.json"] + BETWEEN + bytes(range(64)))
full = {
    "format": "scimf-bundle",
    "version": 1,
    "name": "n",
    "time_points": ["day 0", {"label": "day 2", "value": 2.5}],
    "cell_types": ["a", {"name": "b", "color": "#aabbcc"}],
    "axis": "PC",
    "embedding": {"name": "UMAP", "axes": ["u", "v"]},
    "more_embeddings": [{"name": "t-SNE"}],
    "components_first": True,
    "columns": [{"name": "batch", "levels": ["x", "y"]}],
    "genes": ["Actb", "Gata4"],
    "measured": {"genes": ["Actb"], "unit": "counts", "log1p": True},
    "simulated": True,
    "planted_interactions": [[0, 1], [0.5, 0]],
    "held_out": [1],
    "notes": ["note"],
}
seed("bundle", "full", json.dumps(full).encode() + BETWEEN + bytes(range(96)))

space = {"Components": [0, 1]}
start = {"time": 0, "types": [0], "cells": [0, 0, 0, 0], "alone": False}
simulation = {"model": "CellMnn", "space": space, "cells": 5, "start": start, "until": 1.5, "noise": 0.5, "genes": [1]}
commands = {
    "start": {"Start": {"device": "Cpu"}},
    "open": {"Open": {"files": [{"name": "a.csv", "bytes": [97, 44, 98]}]}},
    "simulate": {"Simulate": simulation},
    "experiment": {"Experiment": {"simulation": simulation, "changes": [{"Shift": {"gene": 0, "by": 1e39}}], "seeds": 3}},
    "train": {"Train": {"recipe": {"ScImf": {"held_out": [1], "updates": 3, "dt": 0.1}}}},
    "operator": {"Operator": {"of": {"Cells": {"time": 1, "kind": None}}}},
    "evaluate": {"Evaluate": {"held_out": [1], "cells": 10, "seeds": 2, "train": None, "components": 2}},
    "coordinates": {"Coordinates": {"space": {"Embedding": 3}}},
    "stop": "Stop",
}
for name, command in commands.items():
    seed("protocol", name, json.dumps({"id": 1, "command": command}).encode())
events = {"ready": {"Ready": {"device": {"backend": "Cpu", "name": "flex", "reason": None}}}, "done": "Done"}
for name, event in events.items():
    seed("protocol", name, json.dumps({"request": 1, "event": event}).encode())

steps = {
    "matrix": "X",
    "values": "Counts",
    "held_out": [1],
    "variable_genes": {"count": 3, "flavour": "Vst"},
    "target_sum": 10000.0,
    "log1p": True,
    "z_score": True,
    "components": 2,
}
umap = {"Umap": {"neighbours": 3, "minimum_distance": 0.1, "seed": 0}}
mapping = {"time": "day", "time_order": ["0", "1", "2"], "cell_type": "kind", "model_space": {"Computed": steps}, "display_space": umap}
seed("mapping", "umap", json.dumps(mapping).encode())
seed("mapping", "clusters", json.dumps(dict(mapping, cell_type=None, clusters={"resolution": 0.8, "seed": 1})).encode())
plain = dict(steps, variable_genes=None, target_sum=None, log1p=False, z_score=False, held_out=[])
mapping = dict(mapping, cell_type=None, model_space={"Computed": plain}, display_space="Components")
seed("mapping", "plain", json.dumps(mapping).encode())
seed("mapping", "stored", json.dumps(dict(mapping, model_space={"Stored": "X_pca"}, display_space={"Stored": "X_umap"})).encode())

for name, text in {"places": "2-5-1-9", "gene": "gene-2", "number": "300", "plane": "PC 3 and 10"}.items():
    seed("address", name, text.encode())
