"""cvat_lab inside IPython: ``%load_ext cvat_lab_kernel`` brings ``%cvat`` and ``%%cvat_sql``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics; called by ``%load_ext``."""
    from cvat_lab_kernel.magics import CvatMagics

    shell.register_magics(CvatMagics)
