"""Options with which every question can be asked of a model, few draws each."""

from __future__ import annotations

from kopir.project import Project

FEW = 20
_NEEDS = {"stress": "scenario", "hindcast": "scenario", "fit": "scenario"}


def given(name: str, project: Project) -> dict[str, object] | None:
    """Return what a question is asked with; ``None`` where the model holds nothing that it could be asked of."""
    model = project.model
    if name in _NEEDS and not (model.folder.path / "scenarios").is_dir():
        return None
    if name in {"sampled_losses", "corridors", "corridor_record"} and model.table("events").is_empty():
        return None
    if name in {"plan", "disputed"} and model.table("options").is_empty():
        return None
    if name == "imports" and model.table("trade").is_empty():
        return None
    link = model.table("carries")["link"][0]
    player = model.settings.players[0]
    own: dict[str, dict[str, object]] = {
        "incident": {"lose": [link], "days": 3, "draws": 0},
        "losses": {"losing": [link]},
        "refusal": {"parties": [player], "draws": 0},
        "prospects": {"denied": [player]},
        "sampled_losses": {"samples": FEW},
        "sampled_coalitions": {"samples": FEW},
        "plan": {"against": 1},
        "disputed": {"against": 1, "draws": 40},
        "coalitions": {"players": list(model.settings.players[:3]), "draws": 0},
        "leverage": {"draws": 0},
        "portfolio": {"draws": 0},
    }
    if name == "stress":
        return {"scenario": sorted(path.stem for path in (model.folder.path / "scenarios").glob("*.toml"))[0]}
    return own.get(name, {})
