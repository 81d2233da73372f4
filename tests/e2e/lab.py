"""JupyterLab for tests: a real server with the extension in it, and its page as a user's hands see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat.sign import NotebookNotary
from playwright.sync_api import Browser, Locator, Page, expect

import cvat_lab
from cvat_lab.client import Lab
from tests.cvat_lab_server.jupyter import TOKEN, JupyterProcess
from tests.e2e.browser import ROOT

PANEL = ROOT / "server_ext" / "cvat_lab_server" / "labextension"
WIDGET = ROOT / "widgets" / "cvat_lab_widgets" / "static" / "annotator.js"
NOT_BUILT = "needs `npm run build`"

START_MS = 120_000
"""How long JupyterLab may take until it is there, and a kernel until it is idle, on a busy machine."""
PATIENCE_MS = 30_000

_SETTINGS = {"notification": {"fetchNews": "false", "checkForUpdates": False}}


def is_built() -> bool:
    """Return whether the panel and the widget's script were built."""
    return (PANEL / "package.json").exists() and WIDGET.exists()


class LabServer(JupyterProcess):
    """JupyterLab over a workspace of its own, with the panel that was built in this source tree.

    Attributes
    ----------
    server
        Address of Jupyter.
    url
        Address of cvat_lab in it.
    root
        The folder that the file browser shows; notebooks run in it.
    workspace
        cvat_lab's workspace.
    """

    def __init__(self, folder: Path, workspace: Path | None = None, **environment: str) -> None:
        option = "--LabApp.expose_app_in_browser=True"
        super().__init__(folder, workspace or folder / "workspace", option, HOME=str(folder), **environment)
        self.root = self.folder / "notebooks"
        self.root.mkdir(exist_ok=True)
        self._show_panel()
        for name, settings in _SETTINGS.items():
            self.configure("apputils-extension", name, settings)

    def configure(self, extension: str, plugin: str, settings: dict[str, Any]) -> None:
        """Write the user's settings of one of JupyterLab's own plug-ins."""
        folder = self.folder / "config" / "lab" / "user-settings" / "@jupyterlab" / extension
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{plugin}.jupyterlab-settings").write_text(json.dumps(settings))

    def connect(self) -> Lab:
        """Return a connection to cvat_lab as the user of this Jupyter server."""
        return cvat_lab.connect(self.url, TOKEN)

    def write_notebook(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells; return its path for :meth:`LabPage.open_notebook`."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)
        return name

    def trust(self, name: str) -> None:
        """Let a notebook's outputs run scripts, although it was written by somebody else."""
        NotebookNotary(data_dir=str(self.folder / "data")).sign(nbformat.read(self.root / name, as_version=4))

    def _show_panel(self) -> None:
        extensions = self.folder / "data" / "labextensions"
        extensions.mkdir(parents=True, exist_ok=True)
        if not (extensions / "cvat-lab").exists():
            (extensions / "cvat-lab").symlink_to(PANEL)


@contextmanager
def start_lab(folder: Path, workspace: Path | None = None, **environment: str) -> Iterator[LabServer]:
    """Start JupyterLab in a folder; it ends with the context, with everything it started."""
    server = LabServer(folder, workspace, **environment)
    try:
        server.start()
        yield server
    finally:
        server.stop()


class LabPage:
    """JupyterLab in a page.

    Parameters
    ----------
    page
        An empty page.
    server
        Whose JupyterLab it shows.
    """

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page, self.server = page, server
        self.notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.cells = self.notebook.locator(".jp-Notebook .jp-Cell")

    # the application

    def goto_lab(self, path: str = "", *, reset: bool = True) -> LabPage:
        """Open JupyterLab, and a file in it; with ``reset`` without the tabs of the last time."""
        address = f"{self.server.server}/lab{f'/tree/{path}' if path else ''}?token={TOKEN}{'&reset' if reset else ''}"
        self.page.goto(address, timeout=START_MS)
        return self._wait_restored()

    def reload(self) -> LabPage:
        """Load the page again, with the tabs that are open."""
        self.page.reload(timeout=START_MS)
        return self._wait_restored()

    def _wait_restored(self) -> LabPage:
        self.page.wait_for_function("() => window.jupyterapp", timeout=START_MS)
        self.page.evaluate("async () => { await jupyterapp.started; await jupyterapp.restored; }")
        return self

    def execute(self, command: str, **args: Any) -> None:
        """Run a command of JupyterLab, and wait for it; its result stays in the page."""
        run = "async ([command, args]) => { await jupyterapp.commands.execute(command, args); }"
        self.page.evaluate(run, [command, args])

    def set_theme(self, theme: Literal["JupyterLab Light", "JupyterLab Dark"]) -> None:
        """Choose a theme and wait for it."""
        self.execute("apputils:change-theme", theme=theme)
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-name", theme, timeout=PATIENCE_MS)

    # a notebook

    def open_notebook(self, path: str) -> LabPage:
        """Open a notebook in a tab, which becomes the current one, and wait for its kernel."""
        self.execute("docmanager:open", path=path, factory="Notebook")
        return self.wait_kernel()

    def path(self) -> str:
        """Return the path of the current document."""
        found: str = self.page.evaluate("() => jupyterapp.shell.currentWidget.context.path")
        return found

    def close_notebook(self) -> None:
        """Save the current notebook and close its tab; the kernel goes on."""
        self.save()
        self.execute("application:close")
        expect(self.notebook).to_have_count(0)

    def save(self) -> None:
        """Save the current document."""
        self.execute("docmanager:save")

    def wait_kernel(self) -> LabPage:
        """Wait until the current notebook's kernel is idle."""
        idle = "() => jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(idle, timeout=START_MS)
        return self

    def restart_kernel(self) -> None:
        """Restart the current notebook's kernel, as the menu does."""
        self.page.evaluate("() => { void jupyterapp.commands.execute('kernelmenu:restart'); }")
        self.page.locator(".jp-Dialog").get_by_role("button", name="Confirm Kernel Restart").click()
        expect(self.page.locator(".jp-Dialog")).to_have_count(0)
        self.wait_kernel()

    def interrupt_kernel(self) -> None:
        """Interrupt what runs in the current notebook, and wait for the kernel."""
        self.page.evaluate(
            "async () => { await jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt() }"
        )
        self.wait_kernel()

    def shut_down_notebook(self) -> None:
        """Close the current notebook unsaved, and end its kernel."""
        self.page.evaluate(
            """async () => {
                const { currentWidget } = jupyterapp.shell;
                await currentWidget.sessionContext.shutdown();
                currentWidget.context.model.dirty = false;
                currentWidget.dispose();
            }"""
        )

    def cell(self, index: int) -> Locator:
        """Return a cell of the current notebook."""
        return self.cells.nth(index)

    def cell_output(self, index: int) -> Locator:
        """Return where a cell shows its results."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def start_cell(self, index: int) -> None:
        """Run a cell and leave it running."""
        self.page.evaluate(
            """(index) => {
                jupyterapp.shell.currentWidget.content.activeCellIndex = index;
                void jupyterapp.commands.execute('notebook:run-cell');
            }""",
            index,
        )

    def run_cell(self, index: int) -> Locator:
        """Run a cell to its end and return its output; an exception in it fails the test."""
        self.start_cell(index)
        self.wait_cell(index)
        failed = self.cell(index).locator('[data-mime-type="application/vnd.jupyter.stderr"]')
        if failed.count():
            raise AssertionError("\n".join(failed.all_inner_texts()))
        return self.cell_output(index)

    def wait_cell(self, index: int) -> None:
        """Wait until a cell has run."""
        done = r"""(index) => {
            const cell = jupyterapp.shell.currentWidget.content.widgets[index];
            return /^\[\d+\]/.test(cell.node.querySelector('.jp-InputPrompt').textContent);
        }"""
        self.page.wait_for_function(done, arg=index, timeout=START_MS)

    def is_running(self, index: int) -> bool:
        """Return whether a cell runs or waits for its turn."""
        return self.cell(index).locator(".jp-InputPrompt").first.inner_text().startswith("[*]")

    def sources(self) -> list[str]:
        """Return the text of every cell of the current notebook."""
        read = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map((cell) => cell.source)"
        found: list[str] = self.page.evaluate(read)
        return found

    def cell_types(self) -> list[str]:
        """Return ``code``, ``markdown`` or ``raw`` for every cell of the current notebook."""
        read = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.cells.map((cell) => cell.cell_type)"
        found: list[str] = self.page.evaluate(read)
        return found


@contextmanager
def lab_page(browser: Browser, server: LabServer, width: int = 1440, height: int = 900) -> Iterator[LabPage]:
    """A page of a user who has logged in to nothing yet; :meth:`LabPage.goto_lab` does."""
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield LabPage(context.new_page(), server)
    finally:
        context.close()
