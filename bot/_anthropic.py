"""Anthropic's SDK without its beta interfaces and its ways through other clouds, which nothing here calls.

Importing all of it takes 2,900 modules: 51 MB and more than a second in every worker; what is left is a quarter of
that. What is left out is replaced by names that mean nothing, and fails when it is used: a refusal whose own class
is among it has the class of its status.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

__all__ = ["anthropic"]

UNUSED = tuple(
    f"anthropic.{name}"
    for name in (
        "_vendor.httpx_aiohttp", "lib.aws", "lib.bedrock", "lib.foundry", "lib.google_cloud", "lib.middleware",
        "lib.streaming._beta_messages", "lib.streaming._beta_types", "lib.tools", "lib.vertex",
        "resources.beta", "resources.organization", "types.beta", "types.organization",
    )
)  # fmt: skip


class _Names(ModuleType):
    """A module that has every public name, each a class of nothing."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        nothing = type(name, (), {"__class_getitem__": classmethod(lambda cls, _: cls)})
        setattr(self, name, nothing)
        return nothing


class _Unused(MetaPathFinder, Loader):
    """Finds the unused parts before anybody else does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See MetaPathFinder."""
        unused = any(fullname == name or fullname.startswith(f"{name}.") for name in UNUSED)
        return ModuleSpec(fullname, self, is_package=True) if unused else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See Loader."""
        return _Names(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """See Loader; there is nothing to run."""


@contextmanager
def _leaving_out() -> Iterator[None]:
    unused = _Unused()
    sys.meta_path.insert(0, unused)
    try:
        yield
    finally:
        sys.meta_path.remove(unused)


with _leaving_out():
    import anthropic
    import anthropic.resources.messages  # which the SDK would import when it is first asked something
    from anthropic._error_classes import ERROR_CLASSES

for refusal, error in list(ERROR_CLASSES.items()):
    if not issubclass(error, anthropic.APIStatusError):
        del ERROR_CLASSES[refusal]
