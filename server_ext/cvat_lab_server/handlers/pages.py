"""The page that a browser finds at the root of a stand-alone server."""

from __future__ import annotations

from tornado.web import RequestHandler

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>cvat_lab</title>
<style>
  :root {{ color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }}
  main {{ max-width: 40rem; margin: 12vh auto; padding: 0 1.5rem; }}
  code {{ background: color-mix(in srgb, currentColor 10%, transparent); border-radius: 4px; padding: .1em .35em; }}
</style>
<main>
  <h1>cvat_lab</h1>
  <p>{greeting}</p>
  <p>This server speaks CVAT's API. Open it in JupyterLab, in a notebook, or with CVAT's own clients:</p>
  <p><code>cvat_lab.connect("{url}")</code></p>
  <p><code>cvat-cli --server-host {url} task ls</code></p>
</main>
</html>
"""


def home_page(url: str, greeting: str) -> str:
    """Return the page; both texts are the server's own."""
    return _PAGE.format(url=url, greeting=greeting)


class HomeHandler(RequestHandler):
    """Says what this is."""

    def get(self) -> None:
        """Show the page."""
        url = f"{self.request.protocol}://{self.request.host}{self.request.path.rstrip('/')}"
        from html import escape

        self.finish(home_page(escape(url), "The annotation server is running."))
