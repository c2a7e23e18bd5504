# SPDX-License-Identifier: Apache-2.0
import os


def test_rotates(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    os.rename(tmp_path / "pipe", tmp_path / "pipe.1")


def test_moves(tmp_path):
    os.rename(tmp_path, tmp_path.with_name("other"))
