"""A training run on disk: to go on from, and the model that it has made so far."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from mt.marian import write_student
from mt.trainer import FROZEN, Trainer


def save(trainer: Trainer, out: Path) -> None:
    """checkpoint.pt to continue from, model.bin with the averaged weights in Marian's format."""
    state: dict[str, Any] = {
        "model": trainer.model.state_dict(),
        "mean": trainer.mean,
        "optimizer": trainer.optimizer.state_dict(),
        "steps": trainer.steps,
    }
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    student = trainer.model.to_student()
    names = [name for name in sorted(trainer.model.weights) if name != FROZEN]
    for name, mean in zip(names, trainer.mean, strict=True):
        student.arrays[name] = mean.cpu().numpy().copy()
    write_student(out / "model.bin", student)


def restore(trainer: Trainer, out: Path) -> None:
    """Takes up the run that `out` holds."""
    state = torch.load(out / "checkpoint.pt", weights_only=True, map_location=trainer.device)
    trainer.model.load_state_dict(state["model"])
    trainer.mean = state["mean"]
    trainer.optimizer.load_state_dict(state["optimizer"])
    trainer.steps = state["steps"]
