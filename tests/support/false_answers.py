"""A worker process whose jobs hand back what the file says, whatever it is.

The file is JSON: ``answer``, the text of the answer; ``files``, names and hexadecimal bytes of what
lies beside it; ``deep``, how many folders lie in each other; ``exit``, the code the job ends with.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ocr.sandbox.job import ANSWER, Job
from ocr.sandbox.serving import Message, serve


def order(file: Path, answer: object = "", **more: Any) -> Path:
    """Write a file that has a job hand back an answer; text as it is, anything else as JSON.

    Args:
        file: the file.
        answer: the answer.
        more: ``files``, ``deep`` and ``exit``, as the module says.
    """
    text = answer if isinstance(answer, str) else json.dumps(answer)
    file.write_text(json.dumps({"answer": text} | more))
    return file


def hand_back(job: Job) -> Message:
    said: dict[str, Any] = json.loads(job.source.read_text())
    for name, text in said.get("files", {}).items():
        (job.folder / name).write_bytes(bytes.fromhex(text))
    os.chdir(job.folder)  # a path so long could not be named
    for _ in range(said.get("deep", 0)):
        os.mkdir("deeper")  # noqa: PTH102
        os.chdir("deeper")
    (job.folder / ANSWER).write_text(said["answer"], "utf-8", "surrogatepass")
    os._exit(said.get("exit", 0))


if __name__ == "__main__":
    serve(dict.fromkeys(("inspect", "open", "unpack", "bind"), hand_back))
