//! Held-out evaluation: exact transport distances of predictions and baselines (paper, Methods, "Evaluation").
