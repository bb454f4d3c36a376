#!/usr/bin/env bash
# A machine with a GPU, measured in under five minutes: updates of a training natively, in the page and in PyTorch on CUDA, the first update after
# Start, and a plane of 250,000 points.
#
#   SCIMF=target/release/scimf DIST=dist CHROMIUM=/usr/bin/chromium PYTHON=python3 tests/peers/gpu.sh
#
# It needs the built command line, the built page, a headless Chromium, Node.js with the packages of tests/e2e (`npm ci` there), and a Python with
# tests/peers/requirements.txt. Nothing is fetched. Without a GPU, or with a software adapter, it refuses. DRY_RUN=1 tries all of it on a software
# adapter with tiny sizes; what it prints then is no measurement. GPU_FLAGS names other flags for Chromium.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
refuse() { echo "gpu.sh: $1" >&2; exit 1; }

export SCIMF DIST CHROMIUM="${CHROMIUM:-/usr/bin/chromium}" PYTHON="${PYTHON:-python3}"
SCIMF=$(realpath -m "${SCIMF:-$here/../../target/release/scimf}")
DIST=$(realpath -m "${DIST:-$here/../../dist}")
[ -x "$SCIMF" ] || refuse "There is no command line at $SCIMF: name it by SCIMF."
[ -f "$DIST/index.html" ] || refuse "There is no page in $DIST: name its folder by DIST."
[ -x "$CHROMIUM" ] || refuse "There is no Chromium at $CHROMIUM: name it by CHROMIUM."
if [ -z "${DRY_RUN:-}" ]; then
  found=$("$PYTHON" -c 'import torch, geomloss; print(torch.cuda.is_available())' 2>/dev/null) || refuse "$PYTHON has no PyTorch with geomloss: name another by PYTHON."
  [ "$found" = True ] || refuse "PyTorch finds no CUDA GPU on this machine; nothing was measured."
  export GPU_FLAGS="${GPU_FLAGS:---enable-unsafe-webgpu --use-angle=vulkan --enable-features=Vulkan --ignore-gpu-blocklist --disable-gpu-sandbox}"
fi
cd "$here"
exec timeout 300 node gpu.js
