"""Writes the states of random generators as the Hugging Face Trainer does on machines with GPUs. Run: python generators.py"""
import random
from pathlib import Path

import numpy as np
import torch

here = Path(__file__).parent
gpus = [torch.tensor([seed, *[0] * 7, 4 * seed, *[0] * 7], dtype=torch.uint8) for seed in (3, 5)]
for name, cuda in (("one-gpu", gpus[0]), ("two-gpus", gpus)):
    (here / name).mkdir(exist_ok=True)
    torch.manual_seed(1)
    random.seed(1)
    np.random.seed(1)
    states = {"python": random.getstate(), "numpy": np.random.get_state(), "cpu": torch.random.get_rng_state(), "cuda": cuda}
    torch.save(states, here / name / "rng_state.pth")
