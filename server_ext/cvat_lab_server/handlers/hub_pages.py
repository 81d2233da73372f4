"""The page that a browser finds at a service of JupyterHub; reaching it logs the browser in."""

from __future__ import annotations

from html import escape

from jupyterhub.services.auth import HubOAuthenticated
from tornado.web import RequestHandler, authenticated

from cvat_lab_server.handlers.pages import home_page


class HubHomeHandler(HubOAuthenticated, RequestHandler):
    """Greets the user of the Hub."""

    @authenticated
    async def get(self) -> None:
        """Show the page."""
        user = self.get_current_user()
        url = f"{self.request.protocol}://{self.request.host}{self.request.path.rstrip('/')}"
        self.finish(home_page(escape(url), f"You are {escape(user['name'])}."))
