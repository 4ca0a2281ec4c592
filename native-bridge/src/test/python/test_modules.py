# Copyright 2026 The Syncline Authors
# SPDX-License-Identifier: Apache-2.0
"""The package as a whole: what it is made of, who imports whom, and where public names are found."""

import ast
import importlib
import inspect
import pickle
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import syncline
from syncline import errors
from syncline._native import abi, library

ROOT = Path(syncline.__file__).parent

#: what programs import, by module
PUBLIC = {
    "syncline.configs": [
        "DEFAULT_CONFIG",
        "DEFAULT_DATALOADER_CONFIG",
        "DEFAULT_DATASET_CONFIG",
        "DEFAULT_MODALITY_CONFIG",
        "config_for",
    ],
    "syncline.dataloaders": ["get_multisession_concat_dataloader", "get_multisession_dataloader"],
    "syncline.datasets": ["ChunkDataset"],
    "syncline.experiment": ["Experiment"],
    "syncline.filters.common_filters": ["finite_filter", "label_filter", "nan_filter"],
    "syncline.interpolators": [
        "BlankTrial",
        "ImageTrial",
        "Interpolator",
        "InvalidTrial",
        "PhaseShiftedSequenceInterpolator",
        "ScreenInterpolator",
        "ScreenTrial",
        "SequenceInterpolator",
        "SpikeInterpolator",
        "TimeIntervalInterpolator",
        "VideoTrial",
    ],
    "syncline.intervals": [
        "TimeInterval",
        "find_complement_of_interval_array",
        "find_intersection_across_arrays_of_intervals",
        "find_intersection_between_two_interval_arrays",
        "find_union_across_arrays_of_intervals",
        "get_stats_for_valid_interval",
        "uniquefy_interval_array",
    ],
    "syncline.loader": ["DataLoader"],
    "syncline.types": ["DatasetConfig", "DatasetOptions", "InterpolationConfig", "LoaderOptions", "ModalityConfig"],
    "syncline.utils": [
        "Exhauster",
        "FastSessionDataLoader",
        "LongCycler",
        "MultiEpochsDataLoader",
        "SessionBatchSampler",
        "SessionConcatDataset",
        "SessionSpecificSampler",
        "ShortCycler",
        "add_behavior_as_channels",
        "cycle",
        "replace_nan_with_batch_mean",
    ],
}


def modules():
    """Name → file of every module."""
    found = {}
    for file in sorted(ROOT.rglob("*.py")):
        parts = ("syncline", *file.relative_to(ROOT).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = modules()


def is_type_checking(node):
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def statements(tree):
    """Every import of a module, those in its functions too, but for those that only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if is_type_checking(node):
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        yield from statements(node)


def targets(name, node):
    """The modules of the package that an import statement names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name in MODULES]
    package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
    base = node.module or ""
    if node.level:
        above = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*above, *filter(None, [node.module])])
    if base not in MODULES:
        return []
    inner = [f"{base}.{alias.name}" for alias in node.names]
    # the package itself where a name is none of its modules
    return [t for t in inner if t in MODULES] + ([base] if any(t not in MODULES for t in inner) else [])


def ancestors(name):
    parts = name.split(".")
    return {".".join(parts[:n]) for n in range(1, len(parts))}


def graph():
    """Module → the modules that it imports, and those that must be imported before these: their packages."""
    found = {}
    for name, file in MODULES.items():
        named = {t for node in statements(ast.parse(file.read_text())) for t in targets(name, node)}
        if name == "syncline":
            named |= {f"syncline.{module}" for module in syncline._LAZY.values()}
        found[name] = named | {a for t in named for a in ancestors(t)} - ancestors(name) - {name}
    return found


def test_no_module_imports_one_that_imports_it():
    imports = graph()
    assert imports["syncline.datasets"] >= {"syncline._native.functions", "syncline.experiment", "syncline._numpy.statistics"}
    assert "syncline.datasets" in imports["syncline"]
    try:
        order = list(TopologicalSorter(imports).static_order())
    except CycleError as cycle:
        pytest.fail(" imports ".join(reversed(cycle.args[1])))
    assert set(order) == set(MODULES)


def test_a_circle_would_be_found(monkeypatch, tmp_path):
    """The check above, of a package in which a function imports the module that imports it."""
    (tmp_path / "intervals.py").write_text("def f():\n    from .experiment import Experiment\n")
    monkeypatch.setitem(MODULES, "syncline.intervals", tmp_path / "intervals.py")
    with pytest.raises(CycleError):
        list(TopologicalSorter(graph()).static_order())


def test_each_module_can_be_imported_first():
    """Each in a process in which no other module of the package was imported."""
    code = f"""
import os, sys
import numpy
failed = []
for name in {sorted(MODULES)!r}:
    assert "syncline" not in sys.modules
    child = os.fork()
    if child == 0:
        try:
            __import__(name)
        except BaseException as e:
            print(name, repr(e), flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        failed.append(name)
sys.exit(bool(failed))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("module", PUBLIC)
def test_public_names(module):
    """They are found where the original has them, and pickled under a name below it, also by its own module."""
    found = importlib.import_module(module)
    assert sorted(found.__all__) == sorted(PUBLIC[module])
    for name in PUBLIC[module]:
        value = getattr(found, name)
        if not callable(value):
            continue  # a configuration
        assert value.__module__ == module or value.__module__.startswith(module + "."), value
        assert "._" not in value.__module__
        assert pickle.loads(pickle.dumps(value)) is value
        # as a program of an earlier version wrote it
        assert pickle.loads(f"c{module}\n{name}\n.".encode()) is value
        if inspect.isclass(value):
            assert inspect.getsource(value).startswith(f"class {name}")


def test_what_programs_hold_shows_itself():
    """In one useful line, which test_shown.py looks at: every class of a public module that is no error and no dict of options."""
    places = [importlib.import_module(name) for name in MODULES if "._" not in name and not name.endswith("__main__")]
    found = {value for place in places for value in vars(place).values() if inspect.isclass(value) and value.__module__ == place.__name__}
    shown = {value for value in found if not value.__name__.startswith("_") and not issubclass(value, (BaseException, dict))}
    shown -= {value for value in shown if hasattr(value, "__get__")}  # attributes, of which programs see what they give
    assert {syncline.RecordingWriter, syncline.ChunkDataset, syncline.DataLoader} < shown and len(shown) > 20
    hidden = [value for value in shown if value.__repr__ is object.__repr__]
    assert not hidden, hidden


def documented(doc, section="Parameters"):
    """The names under a heading of a docstring in NumPy's style."""
    lines = inspect.cleandoc(doc or "").split("\n")
    found = []
    heads = [i for i, line in enumerate(lines[1:]) if line and not line.strip("-")]
    for i in heads:
        if lines[i] == section:
            end = min([j for j in heads if j > i], default=len(lines))
            found += [name.lstrip("*") for line in lines[i + 2 : end] if line[:1].strip() for name in line.split(", ")]
    return found


def public_functions():
    """Name → function and what documents its parameters: of all public classes and functions, and the writers that RecordingWriter gives."""
    found = {}
    classes = {}
    for module in PUBLIC:
        for name in PUBLIC[module]:
            classes[f"{module}.{name}"] = getattr(importlib.import_module(module), name)
    for name in syncline.__all__:
        classes[f"syncline.{name}"] = getattr(syncline, name)
    for name in ("ScreenWriter", "SequenceWriter", "SpikesWriter"):
        classes[f"syncline.writing.{name}"] = getattr(importlib.import_module("syncline.writing"), name)
    for name, value in classes.items():
        if inspect.isfunction(value):
            found[name] = (value, value.__doc__)
        elif inspect.isclass(value):
            if "__init__" in vars(value) and not name.startswith("syncline.writing."):
                found[name] = (value.__init__, value.__doc__)
            for key, member in vars(value).items():
                function = getattr(member, "__func__", member)
                if inspect.isfunction(function) and not key.startswith("_"):
                    found[f"{name}.{key}"] = (function, inspect.getdoc(getattr(value, key)))
    return found


FUNCTIONS = public_functions()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstrings_say_what_every_parameter_is(name):
    function, doc = FUNCTIONS[name]
    parameters = [p for p in inspect.signature(function).parameters if p not in ("self", "cls")]
    assert doc and sorted(documented(doc)) == sorted(parameters), f"documented: {documented(doc)}"


def test_an_undocumented_parameter_would_be_found():
    doc = """Do something.

    Parameters
    ----------
    a, b
        what both are.
    *more
        further ones.

    Raises
    ------
    ValueError
        never.
    """
    assert documented(doc) == ["a", "b", "more"] and documented(doc, "Raises") == ["ValueError"]
    assert documented("Do something.\n\n    Args:\n        a: what it is.\n") == []


def test_errors():
    """Every exception is public, explained, and a built-in of its kind; the old place has the same classes."""
    old = importlib.import_module("syncline._native")
    classes = [v for v in vars(errors).values() if inspect.isclass(v)]
    assert sorted(c.__name__ for c in classes) == errors.__all__
    for cls in classes:
        assert issubclass(cls, errors.SynclineError) and cls.__module__ == "syncline.errors"
        assert inspect.getdoc(cls) != inspect.getdoc(cls.__mro__[1]) and "." in cls.__doc__
        assert getattr(old, cls.__name__) is cls
        error = pickle.loads(pickle.dumps(cls("what happened")))
        assert type(error) is cls and str(error) == "what happened"


def test_every_status_has_an_exception():
    statuses = {name: value for name, value in vars(abi).items() if name.startswith("E_")}
    assert len(statuses) == 18 and len(set(statuses.values())) == 18
    # a fault of the library is a SynclineError; tensors are asked for with room for the most there can be
    assert set(statuses.values()) - set(library._EXCEPTIONS) == {abi.E_INTERNAL, abi.E_CAPACITY}
    assert set(library._EXCEPTIONS.values()) <= {getattr(errors, name) for name in errors.__all__}
