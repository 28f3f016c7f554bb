"""What is done in a cheaper way to pictures gives what the plain way gives."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr.image.components import label_components
from ocr.image.geometry import Mapping, upright_mapping, warp

COLOURS = np.random.default_rng(3).integers(0, 256, (211, 157, 3), np.uint8)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 3), (160, 121)])
def test_labels_and_statistics_of_components_are_those_of_opencv(
    shape: tuple[int, int], share: float
) -> None:
    mask = (np.random.default_rng(5).random(shape) < share).astype(np.uint8)
    count, labels, stats = label_components(mask)
    plain = cv2.connectedComponentsWithStats(mask, connectivity=8)
    assert count == plain[0]
    assert np.array_equal(labels, plain[1])
    assert np.array_equal(stats, plain[2])


TILTED = Mapping(np.array([[1.0, 0.02, 3.0], [-0.01, 1.0, 2.0], [1e-4, 5e-5, 1.0]]), 157, 211)


@pytest.mark.parametrize(
    "mapping",
    [
        *(upright_mapping(157, 211, turn, 0.4, 1.0) for turn in (0, 90, 180, 270)),
        *(upright_mapping(157, 211, 0, -3.1, scale) for scale in (0.5, 0.7, 1.4)),
        TILTED,
    ],
)
def test_a_moved_page_has_in_each_channel_what_that_channel_has_alone(mapping: Mapping) -> None:
    planes = [warp(np.ascontiguousarray(COLOURS[:, :, each]), mapping) for each in range(3)]
    assert np.array_equal(warp(COLOURS, mapping), np.dstack(planes))
