"""OR-Tools' CP-SAT, without what it brings for others and what every model and every worker here would pay for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

__all__ = ["Model", "cp_model"]


@contextmanager
def _without_pandas() -> Iterator[None]:
    """While `cp_model` is imported, pandas is a stand-in: it is 40 MB and a third of a second in every worker.

    It only names the classes of series and indices there, for tables of variables, and none is made here.
    """
    if "pandas" in sys.modules:
        yield
        return
    pandas = ModuleType("pandas")
    for name in ("DataFrame", "Index", "Series"):
        setattr(pandas, name, type(name, (), {}))
    sys.modules["pandas"] = pandas
    try:
        yield
    finally:
        del sys.modules["pandas"]


with _without_pandas():
    from ortools.sat.python import cp_model


class Model(cp_model.CpModel):
    """A model without the names in CamelCase that OR-Tools gives to each for older programs: a millisecond's work."""

    def _add_pre_pep8_methods(self) -> None: ...
