"""Small models that are spoilt: the examples of ``kopir new``, and one with rows in the tables that they lack."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from kopir.model.bundled.starters import StarterKind, fill_comments, starter_path

WIDE: Mapping[str, str] = {
    "capacity_groups.csv": "group,nameplate,enforced,basis\nPIPES,F0044 [65..80],yes,assumption\n",
    "capacity_group_members.csv": "group,asset_type,asset,coefficient\nPIPES,link,CPC,1\n",
    "contracts.csv": (
        "contract,owner,asset_type,asset,commodity,minimum,penalty,counterparty,valid_from,basis\n"
        "TAKE,KAZ,link,EAST,crude,1,10,CHN,2024-01-01,assumption\n"
    ),
    "deals.csv": (
        "deal,partner,title,value,date,status,part_of,facts\n"
        "FRAME,CHN,Frame agreement,100,2025-03-04,signed,,F0121\n"
        "PART,CHN,A part of it,5,2025-05-06,announced,FRAME,\n"
    ),
    "events.csv": (
        "event,start,end,what,assets,severity_low,severity_high,split\n"
        "E1,2025-03-01,2025-03-20,storm,CPC,0.4,0.6,score\nE2,2024-06-01,,closure,EAST,1,1,fit\n"
    ),
    "observations.csv": (
        "observation,event,indicator,asset,before,after,unit,before_period,after_period,role\n"
        "O1,E1,oil transit,CPC,5.4,3.1,Mt,2025-02,2025-03,scored\n"
    ),
    "identities.csv": "identity,equation,tolerance\nALL,F0121 = 64.8 * 1,0.02\n",
    "institutions.csv": (
        "institution,kind,members,since,basis\nUNION,customs_union,KAZ RUS,2015-01-01,assumption\n"
    ),
    "obligations.csv": (
        "obligation,institution,form,left,right,strength,text,basis\n"
        "BAN,UNION,excludes,WIDER,STORE,soft,One or the other.,assumption\n"
    ),
    "options.csv": (
        "option,kind,provider,annual_cost,capital_cost,lead_time,status,basis\n"
        "WIDER,build,KAZ,50 [40..60],400,12 [6..24],proposed,assumption\n"
        "STORE,stock,KAZ,1,10,1,decided,assumption\n"
    ),
    "option_gains.csv": (
        "option,asset_type,asset,commodity,gain,basis\nWIDER,link,CASPIAN,crude,3 [1..4],assumption\n"
    ),
    "precedents.csv": (
        "precedent,start,end,what,cause,kind,severity_low,severity_high,recovery,split,sources\n"
        "P1,2023-02-03,2023-03-01,strait closed,closed,chokepoint,0.4,0.6,step,score,abc-2026\n"
    ),
    "responses.csv": (
        "response,precedent,indicator,part,before,after,unit,before_period,after_period,share,role\n"
        "R1,P1,passages,hit,100,55,1/day,2023-01,2023-02,1,scored\n"
    ),
    "scenarios/storm.toml": (
        '[scenario]\ntitle = "Storm"\nstart = 2025-02-01\nuntil = 2025-04-30\n\n'
        '[[shock]]\nasset = "CPC"\nleft = 0.5\nfrom = 2025-03-23\nto = 2025-03-27\n\n'
        '[[denial]]\nparties = ["CHN"]\nseverity = 0.5\nfrom = 2025-04-01\nto = 2025-04-10\n'
    ),
    "series.csv": "series,period,value,unit,source\nBRENT,2025-01,78.1,USD/bbl,abc-2026\n",
    "storage.csv": (
        "storage,node,commodity,owner,capacity,initial,basis\nTANKS,NOVOROSSIYSK,crude,KAZ,0.8,0.4,assumption\n"
    ),
    "targets.csv": (
        "target,promiser,indicator,route,commodity,value,deadline,kind,present,links\n"
        "GROW,Kazakhstan,oil_export,BTC,crude,F0131,2029,target,F0121,CASPIAN\n"
    ),
    "theses.csv": (
        "thesis,text,said_by,measure,supported_if,facts\n"
        "WEST,More than half leaves by CPC,abc-2026,F0121 / (F0121 + F0131),> 0.5,F0121 F0131\n"
    ),
    "translations.csv": "text,ru,kk,tr\nA yearbook,Ежегодник,Жылнама,Yıllık\nstorm,буря,дауыл,fırtına\n",
    "geometry/pipes.geojson": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"link":"CPC"},'
        '"geometry":{"type":"LineString","coordinates":[[51.9,47.1],[44,46],[37.7,44.7]]}}]}\n'
    ),
}
"""Files of the wide model beside those of the export example."""
KINDS = ("wide", *get_args(StarterKind))


def write_model(kind: str, at: Path) -> Path:
    """Write the model of a kind to ``at`` and return it."""
    starter: StarterKind = "export" if kind == "wide" else kind  # type: ignore[assignment]
    shutil.copytree(starter_path(starter), at, copy_function=shutil.copyfile)
    fill_comments(at, starter, "en")
    for name, text in WIDE.items() if kind == "wide" else ():
        (at / name).parent.mkdir(exist_ok=True)
        (at / name).write_text(text, "utf-8")
    return at
