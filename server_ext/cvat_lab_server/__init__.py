"""The cvat_lab server: one owner of a workspace, in three hosts."""

from __future__ import annotations

from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from cvat_lab_server.app import CvatLabApp

    return [{"module": "cvat_lab_server", "app": CvatLabApp}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "cvat-lab"}]
