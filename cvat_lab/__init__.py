"""cvat_lab: annotate images and video where you query and train.

The public names are loaded on first use, so that ``import cvat_lab`` stays fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cvat_lab.client import Job, Lab, Project, Task, connect, open

__version__ = "0.1.0"

__all__ = ["Job", "Lab", "Project", "Task", "__version__", "connect", "open"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from cvat_lab import client

        return getattr(client, name)
    raise AttributeError(f"module 'cvat_lab' has no attribute {name!r}; public names: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
