"""Loads the model that judges: the champion of the registry, else the shipped model; and a challenger in shadow."""

from pathlib import Path

from enrichment.assess import Assessor
from enrichment.model import SHIPPED, Model, load
from lurewatch.models import model_registry
from lurewatch.settings import Settings


def folder_of(settings: Settings, version: str | None = None) -> Path:
    """Return the folder of a model, the champion's when none is named; raise RegistryError when it is not there."""
    models = settings.models
    return model_registry.folder_of(models, version or model_registry.read(models).champion) or SHIPPED


def champion(settings: Settings, *, portable: bool = False) -> Assessor:
    """Return an assessor with the model that judges; raise RegistryError, SeedsError."""
    return Assessor(settings.seeds, portable=portable, model=folder_of(settings))


def shipped_assessor(settings: Settings, assessor: Assessor) -> Assessor:
    """Return ``assessor`` with the shipped model, itself when nothing was promoted."""
    return assessor if folder_of(settings) == SHIPPED else assessor.copy_with_model(SHIPPED)


def model_named(settings: Settings, version: str) -> Model | None:
    """Return the model of a version, be it shipped or learned here; None when it is not here."""
    models = settings.models
    here = [SHIPPED, *(models / name for name in model_registry.names(models) if name == version)]
    return next((model for model in map(load, here) if model.version == version), None)


def shadow_assessor(settings: Settings, assessor: Assessor) -> tuple[str, Assessor] | None:
    """Return the challenger that runs in shadow, version and assessor; None when none does."""
    version = model_registry.read(settings.models).shadow
    return None if version is None else (version, assessor.copy_with_model(folder_of(settings, version)))
