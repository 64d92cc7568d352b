"""A small but whole return folder, for tests to change in one place at a time."""

from __future__ import annotations

from pathlib import Path

FORM = """\
id = "meals"
title = "Meals served"
owner = "Office of Meals"
legal_basis = "Meals Act 2020"
submitted_by = "location"
cadence = "monthly"

[period]
rule = "calendar_month"

[window]
opens_day = 8
closes_day = 14
roll = "next_working_day"

[[version]]
id = "2024"
valid_from = 2024-01-01
note = "First form."

[[version]]
id = "2026"
valid_from = 2026-04-01
note = "Second form."

[[source]]
id = "M1"
text = "Office of Meals: the form"
"""
CELLS = """\
cell_id,item_id,label,table,row,column,measure,unit,applies_to,source_elements,missing_item,evidence,valid_from,valid_to
eaters,eaters,People who ate,meals,1,eaters,eaters,people,all,Service.Service start date,Service: Service start date,READ,,
eaters.hot,eaters,People who ate a hot meal,meals,2,hot,eaters,people,all,staff|settings: cook,Meal: Temperature,READ,,
menu,menu,Name of the menu,meals,3,menu,,text,all,,Menu: Name,BELIEF,,
hours,hours,Hours cooked,meals,4,hours,,hours,all,,Cook's hours; no record class holds them,BELIEF,,
"""  # noqa: E501
CODES = "code_set,code,label,from_list,from_code,evidence,valid_from,valid_to\nmeal,hot,Hot meal,,,READ,,\n"
RULES = """\
rule_id,official_code,severity,scope,fields,message,next_step,threshold,model,population,evidence,valid_from,valid_to
meals.hot_within_all,,error,submitter,temperature,A hot meal has no eater.,Record who ate it.,,chk_meals__eaterless,mbr_meals__eaters,READ,,
meals.menu_named,,warning,submitter,menu,A menu has no name.,Name the menu.,,chk_meals__menu,mbr_meals__eaters,READ,,
"""  # noqa: E501
LAYOUT = """\
[[file]]
name = "meals.csv"
format = "csv"
model = "ret_meals__file"
order_by = ["record_key"]
restricted = true

[[file.column]]
header = "Location"
column = "submitter_id"

[[file.column]]
header = "Dish"
column = "dish"

[[file.column]]
header = "Portions"
column = "portions"

[[file]]
name = "answers.xlsx"
format = "xlsx"
kind = "answer_sheet"

[[file.column]]
header = "Question"
column = "label"

[[file.column]]
header = "Answer"
column = "answer"

[[file.column]]
header = "Outcome"
column = "outcome"

[[file.column]]
header = "Why"
column = "reason"
"""
METHOD = """\
# Meals served

## eaters

A person counts once, however often they ate.

## menu

The menu of the last day of the month.
"""
MODELS = (
    "ret_meals__figure",
    "ret_meals__file",
    "mbr_meals__eaters",
    "chk_meals__eaterless",
    "chk_meals__menu",
)


def calendar_form(cadence: str, period: str, window: str) -> str:
    """Return the return.toml of `meals` with another cadence, period rule and window."""
    before, after = FORM.split('cadence = "monthly"')
    versions = after[after.index("[[version]]") :]
    return f'{before}cadence = "{cadence}"\n\n[period]\nrule = "{period}"\n\n[window]\n{window}\n\n{versions}'


def meals_folder(root: Path, **changed: str) -> Path:
    """Write the return folder `meals` below a root and return it; a keyword replaces one file's text."""
    folder = root / "meals"
    (folder / "layout").mkdir(parents=True)
    (folder / "models").mkdir()
    texts = {"form": FORM, "cells": CELLS, "codes": CODES, "rules": RULES, "method": METHOD, "layout": LAYOUT}
    texts |= changed
    for key, name in {
        "form": "return.toml",
        "cells": "cells.csv",
        "codes": "codes.csv",
        "rules": "rules.csv",
        "method": "method.md",
        "layout": "layout/layout.toml",
    }.items():
        (folder / name).write_text(texts[key], encoding="utf-8")
    for model in MODELS:
        (folder / "models" / f"{model}.sql").write_text("select 1", encoding="utf-8")
    return folder
