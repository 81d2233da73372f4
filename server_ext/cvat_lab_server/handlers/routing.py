"""Typed routes: a decorated function says in its signature what it takes and what it answers.

A route function is ``async def name(call: Call, <path values>, body: SomeWrite, query: SomeQuery) -> SomeRead``.
``body`` and ``query`` are optional; their annotations are the types that input is checked against.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, get_type_hints

Function = Callable[..., Awaitable[Any]]

MIB = 2**20
JSON_LIMIT = 256 * MIB
"""Largest JSON body: 10 000 annotations take about 5 MB, a whole task may take 100 times as much."""

_PARAMETER = re.compile(r"\{(\w+)(?::(int))?\}")


@dataclass(frozen=True)
class Route:
    """One method of one path.

    Attributes
    ----------
    public
        Answered without a login.
    reads
        Changes nothing that is kept, whatever its method, so that a token that may only read may call it.
    uploads
        Files may come as ``multipart/form-data``; they are written to disk as they arrive.
    body_limit
        Largest body in bytes.
    """

    method: str
    path: str
    function: Function
    status: int = 200
    public: bool = False
    reads: bool = False
    uploads: bool = False
    body_limit: int = JSON_LIMIT
    body_type: Any = None
    query_type: Any = None
    answer_type: Any = None
    pattern: re.Pattern[str] = field(default_factory=lambda: re.compile(""))

    def match(self, path: str) -> dict[str, Any] | None:
        """Return the values in ``path``, or None if it is another one."""
        found = self.pattern.fullmatch(path)
        if found is None:
            return None
        return {name: int(text) if f"{{{name}:int}}" in self.path else text for name, text in found.groupdict().items()}


class Routes:
    """A list of routes, filled by decorators."""

    def __init__(self) -> None:
        self.all: list[Route] = []

    def get(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for GET."""
        return self._register("GET", path, options)

    def post(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for POST."""
        return self._register("POST", path, options)

    def put(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for PUT."""
        return self._register("PUT", path, options)

    def patch(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for PATCH."""
        return self._register("PATCH", path, options)

    def delete(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for DELETE; the default status is 204."""
        return self._register("DELETE", path, {"status": 204, **options})

    def head(self, path: str, **options: Any) -> Callable[[Function], Function]:
        """Register a function for HEAD."""
        return self._register("HEAD", path, options)

    def _register(self, method: str, path: str, options: dict[str, Any]) -> Callable[[Function], Function]:
        def register(function: Function) -> Function:
            hints = get_type_hints(function)
            names = inspect.signature(function).parameters
            self.all.append(
                Route(
                    method=method,
                    path=path,
                    function=function,
                    body_type=hints.get("body") if "body" in names else None,
                    query_type=hints.get("query") if "query" in names else None,
                    answer_type=hints.get("return"),
                    pattern=_compile(path),
                    **options,
                )
            )
            return function

        return register


class Router:
    """Finds the route of a request. A trailing slash makes no difference."""

    def __init__(self, groups: Iterable[Routes]) -> None:
        self.routes = [route for group in groups for route in group.all]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, Any]] | None:
        """Return the route for a method and path, with the values in the path."""
        for route in self.routes:
            if route.method == method and (values := route.match(path)) is not None:
                return route, values
        return None

    def methods(self, path: str) -> set[str]:
        """Return the methods that a path answers; empty for an unknown path."""
        return {route.method for route in self.routes if route.match(path) is not None}


def _compile(path: str) -> re.Pattern[str]:
    text, end = "", 0
    for found in _PARAMETER.finditer(path):
        text += re.escape(path[end : found.start()])
        text += rf"(?P<{found[1]}>\d{{1,18}})" if found[2] else rf"(?P<{found[1]}>[^/]+)"
        end = found.end()
    return re.compile(text + re.escape(path[end:].rstrip("/")) + "/?")
