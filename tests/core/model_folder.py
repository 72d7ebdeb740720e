"""A miniature model folder that is right, and the means to spoil it."""

from __future__ import annotations

from pathlib import Path

SETTINGS = """format = 1
players = ["RUS", "CHN"]

[model]
name = "mini"
focal_state = "KAZ"
base_year = 2025
"""

TABLES = {
    "jurisdictions": "jurisdiction,kind\nKAZ,state\nRUS,state\nCHN,state\n",
    "commodities": "commodity,unit\ncrude,Mt\n",
    "functions": "function,kind\noil_export,network\n",
    "nodes": "node,kind,territory\nTENGIZ,field,KAZ\nNOVOROSSIYSK,port,RUS\n",
    "links": "link,from_node,to_node,mode\nCPC,TENGIZ,NOVOROSSIYSK,pipeline\n",
    "carries": "link,commodity,nameplate,basis\nCPC,crude,F1 [60..70],\n",
    "denial": (
        "asset_type,asset,clause,effectiveness_low,effectiveness_high,basis_kind,legal_basis,function\n"
        "link,CPC,RUS,0.9,1,territory,The line crosses Russia.,oil_export\n"
    ),
    "facts": "fact,indicator,value,unit,sources\nF1,capacity,67,Mt/yr,S1\n",
    "sources": "source,title\nS1,Report\n",
}


def write_model(root: Path, **spoiled: str | bytes | None) -> Path:
    """Write the miniature into ``root``; ``spoiled`` replaces tables or ``settings``, ``None`` leaves one out."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in ({"settings": SETTINGS} | TABLES | spoiled).items():
        if content is not None:
            file = root / ("kopir.toml" if name == "settings" else f"{name}.csv")
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root
