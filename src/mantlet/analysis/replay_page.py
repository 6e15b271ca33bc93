"""One page out of the viewer's modules, its style and the data: nothing is loaded from elsewhere.

The modules in `viewer/` are plain ES modules that a served page can import one by one. A page
opened from a file cannot import files, so here they are joined: imports dropped, exports made
plain declarations, in an order in which every module follows those it imports. The page's content
security policy names the hash of exactly this script and this style and allows nothing else.
"""

import base64
import hashlib
import json
import re
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

ENTRY = "main.js"

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class)\b)", re.MULTILINE)
_NAME = re.compile(r"^(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)


def _read(name: str) -> str:
    folder = resources.files("mantlet.analysis") / "viewer"
    return (folder / name).read_text(encoding="utf-8")


def join_modules(entry: str = ENTRY) -> str:
    """The viewer as one script.

    Raises
    ------
    ValueError
        If two modules declare the same name at their top level, or import each other in a ring.
    """
    done: dict[str, str] = {}
    _join(entry, (), done)
    names = [name for text in done.values() for name in _NAME.findall(text)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"viewer: declared in two modules: {', '.join(twice)}")
    return '"use strict";\n' + "\n".join(done.values())


def _join(name: str, above: tuple[str, ...], done: dict[str, str]) -> None:
    if name in above:
        raise ValueError(f"viewer: modules import each other: {' > '.join((*above, name))}")
    if name in done:
        return
    text = _read(name)
    for wanted in _IMPORT.findall(text):
        _join(wanted, (*above, name), done)
    done[name] = _EXPORT.sub("", _IMPORT.sub("", text))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _safe_json(content: dict[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def build_page(title: str, facts: dict[str, Any], data: str) -> str:
    """The whole page. `facts` goes in as JSON, `data` as the base64 text of `replay_pack.pack`."""
    script, style = join_modules(), _read("replay.css")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    )
    template = jinja2.Environment(autoescape=True).from_string(_read("replay.html"))
    return template.render(
        title=title,
        policy=policy,
        style=Markup(style),
        script=Markup(script),
        facts=Markup(_safe_json(facts)),
        data=Markup(data),
    )
