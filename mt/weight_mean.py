"""The weighted mean of models that were tuned from the same student, and of the student: one model of the same cost.

Model soups (Wortsman et al. 2022a); with a part of the student, less of what it knew is lost (WiSE-FT, Wortsman et al.
2022b).

    python -m mt.weight_mean 0.85=tuned/model.bin 0.15=MODELS/marian-en-pt/model.enpt.intgemm.alphas.bin --out mean.bin
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mt.marian import Student, read_student, write_student
from streaming.errors import BadInput


def weight_mean(students: Sequence[tuple[float, Student]]) -> Student:
    """Shares and models. Raises BadInput where the shares don't add up to 1, or the models are of different shapes."""
    if not math.isclose(sum(share for share, _ in students), 1.0):
        raise BadInput("the shares must add up to 1")
    first = students[0][1]
    if any(shapes(student) != shapes(first) for _, student in students):
        raise BadInput("the models are not of the same shape")
    shares = np.array([share for share, _ in students], np.float32)
    return Student(
        first.architecture,
        {name: np.tensordot(shares, [each.arrays[name] for _, each in students], 1) for name in first.arrays},
    )


def shapes(student: Student) -> dict[str, tuple[int, ...]]:
    """Of its matrices, by name."""
    return {name: array.shape for name, array in student.arrays.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mt.weight_mean", description="The weighted mean of models.")
    parser.add_argument("parts", nargs="+", metavar="SHARE=FILE", help="weights in Marian's format")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    parts = [part.partition("=") for part in args.parts]
    write_student(args.out, weight_mean([(float(share), read_student(Path(file))) for share, _, file in parts]))


if __name__ == "__main__":
    main()
