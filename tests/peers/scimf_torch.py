"""An update and the attention of scIMF in PyTorch and geomloss, written from the paper's equations: the peer that `cargo xtask bench` times this project against.

    python scimf_torch.py make STUDY.npz --cells 3500,3200 --dimensions 50 --seed 0   # a study of that size: X, t
    python scimf_torch.py time STUDY.npz --updates 2 --threads 2                      # seconds of each update, as JSON lines; also --device cuda
    python scimf_torch.py attention STUDY.npz --threads 2                             # seconds of the attention at the first time point

As the authors' program does, the rollout is differentiated as a whole by automatic differentiation and the Sinkhorn divergence is geomloss's
(tensorized, debiased, blur 0.1, scaling 0.7).
"""

import argparse
import json
import math
import time

import numpy as np


def make(path, counts, dimensions, seed):
    """Cells in four clusters that drift apart from time point to time point, as wide as principal components of a real study."""
    rng = np.random.default_rng(seed)
    spread = 8.0 * 0.93 ** np.arange(dimensions)
    start, velocity = rng.normal(size=(2, 4, dimensions)) * spread
    cells, kinds = [], []
    for index, count in enumerate(counts):
        centre = start + 0.35 * index * velocity
        cluster = rng.integers(4, size=count)
        kinds.append(cluster)
        cells.append(centre[cluster] + rng.normal(size=(count, dimensions)) * spread * 0.6)
    times = np.repeat(np.arange(len(counts)), counts)
    kinds = np.concatenate(kinds).astype(np.int64)
    np.savez(path, X=np.concatenate(cells).astype(np.float32), t=times.astype(np.int64), cell_type=kinds)


def attention(path, threads):
    """Attention between all cells of the first time point, averaged over pairs of types: one evaluation of the interaction's weights."""
    import resource

    import torch

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    study = np.load(path)
    begin = time.perf_counter()
    first = study["t"] == 0
    x = torch.from_numpy(study["X"][first])
    n, d, heads = len(x), x.shape[1], 2
    norm = torch.nn.LayerNorm(d)
    query, key = (torch.nn.Linear(d, d, bias=False) for _ in range(2))
    member = torch.nn.functional.one_hot(torch.from_numpy(study["cell_type"][first])).float()
    with torch.no_grad():
        u = norm(x)
        q, k = (f(u).view(n, heads, d // heads).transpose(0, 1) for f in (query, key))
        scores = (q @ k.transpose(1, 2) / math.sqrt(d // heads)).masked_fill(torch.eye(n, dtype=torch.bool), float("-inf"))
        sums = member.T @ scores.softmax(-1).mean(0) @ member
        means = sums / (member.sum(0)[:, None] * member.sum(0)[None, :])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps({"seconds": time.perf_counter() - begin, "gigabytes": peak, "largest": means.max().item()}))


def time_updates(path, updates, threads, simulated, device):
    import torch
    from geomloss import SamplesLoss
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    study = np.load(path)
    cells = [torch.from_numpy(study["X"][study["t"] == t]).to(device) for t in range(int(study["t"].max()) + 1)]
    d, hidden, heads, dropout, sigma, dt = cells[0].shape[1], 256, 2, 0.1, 0.1, 0.1

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.intra = nn.Sequential(
                nn.Linear(d, hidden), nn.LeakyReLU(), nn.Linear(hidden, hidden), nn.LeakyReLU(), nn.Linear(hidden, d)
            )
            self.norm1, self.norm_value, self.norm2 = (nn.LayerNorm(d) for _ in range(3))
            self.query, self.key, self.value = (nn.Linear(d, d, bias=False) for _ in range(3))
            self.response = nn.Sequential(nn.Linear(d, 4 * d), nn.LeakyReLU(), nn.Linear(4 * d, d))

        def drift(self, x):
            n = len(x)
            split = lambda y: y.view(n, heads, d // heads).transpose(0, 1)
            u = self.norm1(x)
            q, k, v = split(self.query(u)), split(self.key(u)), split(self.value(self.norm_value(x)))
            scores = q @ k.transpose(1, 2) / math.sqrt(d // heads)
            weights = scores.masked_fill(torch.eye(n, dtype=torch.bool, device=x.device), float("-inf")).softmax(-1)
            heard = (nn.functional.dropout(weights, dropout) @ v).transpose(0, 1).reshape(n, d)
            return self.intra(x) + self.response(self.norm2(heard))

    def now():
        """The clock, once everything that was asked of the device is done."""
        if device != "cpu":
            torch.cuda.synchronize()
        return time.perf_counter()

    model = Model().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    divergence = SamplesLoss("sinkhorn", p=2, blur=0.1, scaling=0.7, debias=True, backend="tensorized")
    for _ in range(updates):
        begin = now()
        parts = {"rollout": 0.0, "transport": 0.0}
        x = cells[0][torch.randperm(len(cells[0]), device=device)[:simulated]]
        action, transport = torch.zeros(len(x), device=device), []
        for observed in cells[1:]:
            lap = now()
            for _ in range(round(1 / dt)):
                f = model.drift(x)
                action = action + dt * f.pow(2).sum(1)
                x = x + dt * f + sigma * math.sqrt(dt) * torch.randn_like(x)
            parts["rollout"] += now() - lap
            lap = now()
            transport.append(divergence(observed, x))
            parts["transport"] += now() - lap
        loss = sum(transport) / len(transport) + action.mean() / (len(cells) - 1)
        lap = now()
        optimizer.zero_grad()
        loss.backward()
        parts["backward"] = now() - lap
        nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        optimizer.step()
        values = {"transport": [value.item() for value in transport], "total": loss.item()}
        print(json.dumps({"seconds": now() - begin, "parts": parts, "loss": values}), flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("study")
    making.add_argument("--cells", required=True, type=lambda text: [int(count) for count in text.split(",")])
    making.add_argument("--dimensions", type=int, default=50)
    making.add_argument("--seed", type=int, default=0)
    timing = commands.add_parser("time")
    timing.add_argument("study")
    timing.add_argument("--updates", type=int, default=3)
    timing.add_argument("--threads", type=int, default=2)
    timing.add_argument("--simulated", type=int, default=512)
    timing.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    attending = commands.add_parser("attention")
    attending.add_argument("study")
    attending.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    if asked.command == "make":
        make(asked.study, asked.cells, asked.dimensions, asked.seed)
    elif asked.command == "attention":
        attention(asked.study, asked.threads)
    else:
        time_updates(asked.study, asked.updates, asked.threads, asked.simulated, asked.device)
