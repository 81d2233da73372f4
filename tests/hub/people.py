"""The users of a Hub: their browsers, their tokens and their servers."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx

from tests.cvat_lab_server.site import Person
from tests.hub.process import ADMIN, ADMIN_PASSWORD, BASE_URL, PASSWORD, SERVICE, HubProcess
from tests.processes import bearer, run_in_kernel

SPAWN_SECONDS = 90.0


class HubUser:
    """Somebody who has logged in to the Hub with a browser.

    Attributes
    ----------
    browser
        Follows redirects and keeps cookies, as browsers do.
    token
        A token he made for his scripts.
    """

    def __init__(self, hub: HubProcess, name: str) -> None:
        self.hub, self.name = hub, name
        self.password = ADMIN_PASSWORD if name == ADMIN else PASSWORD
        self.server = f"{hub.url}{BASE_URL}user/{name}"
        self.service = f"{hub.url}{SERVICE}"
        self.browser = httpx.Client(base_url=hub.url, follow_redirects=True, timeout=60)
        self._login()
        access = "access:services!service=cvat-lab"
        self.token = self.new_token(access, f"access:servers!user={name}")

    def _login(self) -> None:
        page = self.browser.get(f"{BASE_URL}hub/login").text
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert found, page
        form = {"username": self.name, "password": self.password, "_xsrf": found[1]}
        answer = self.browser.post(f"{BASE_URL}hub/login", data=form)
        assert answer.status_code == 200, answer.text

    def new_token(self, *scopes: str) -> str:
        """Make a token with these scopes."""
        answer = self._api("POST", f"users/{self.name}/tokens", json={"note": "test", "scopes": scopes})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def request_server(self) -> None:
        """Ask the Hub to start the user's server."""
        answer = self._api("POST", f"users/{self.name}/server")
        assert answer.status_code in (201, 202), answer.text

    def wait_for_server(self) -> None:
        """Wait until the user's server runs, then visit its JupyterLab, which logs the browser in there."""
        end = time.monotonic() + SPAWN_SECONDS
        while not self._api("GET", f"users/{self.name}").json()["servers"].get("", {}).get("ready"):
            assert time.monotonic() < end, self.hub.tail()
            time.sleep(0.2)
        page = self.browser.get(f"{self.server}/lab")
        assert page.status_code == 200, page.text
        assert str(page.url).endswith("/lab"), page.url

    def visit_service(self) -> httpx.Response:
        """Open the service's page, which logs the browser in there."""
        return self.browser.get(f"{self.service}/")

    def xsrf(self, path: str) -> str:
        """Return the ``_xsrf`` cookie of a part of the site; each part has its own."""
        return next(str(c.value) for c in self.browser.cookies.jar if c.name == "_xsrf" and c.path == path)

    def through_server(self) -> Person:
        """Return a script of the user that talks to his own server, whose extension forwards to the service."""
        return Person(f"{self.server}/cvat-lab", headers=bearer(self.token))

    def at_service(self) -> Person:
        """Return a script of the user that talks to the service."""
        return Person(self.service, headers=bearer(self.token))

    def run(self, code: str) -> str:
        """Run code in a new kernel of the user's server; return what it printed."""
        return run_in_kernel(self.server, self.token, code)

    def _api(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"X-XSRFToken": self.xsrf(f"{BASE_URL}hub/")}
        return self.browser.request(method, f"{BASE_URL}hub/api/{path}", headers=headers, **options)
