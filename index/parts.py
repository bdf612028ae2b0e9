"""What each entry gives to an index, kept between builds so that changing one entry does not analyse all of them anew.

A part is kept under a digest of its entry and of all that its analysis depends on besides: the tables of the script, the names
of the terms, the parameters and this package's own source.  What is not found under its digest is made again, so nothing here
is ever stale, and an index built with kept parts is the same to the byte as one built without.
"""

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from index import parameters, store
from index.entries import encoded
from index.fields import FieldName
from index.forms import Facet
from index.keys import Blob, blob
from index.text import Script
from knowledge.model import Entry

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Part:
    """What one entry gives."""

    normals: list[str] = field(default_factory=list)
    """The normal forms of its texts, in their order."""
    documents: dict[FieldName, list[Mapping[str, int]]] = field(default_factory=lambda: {name: [] for name in FieldName})
    """How often each token occurs in each of its wordings, in its points and in its answer."""
    forms: list[str] = field(default_factory=list)
    """Of its wordings."""
    asked: dict[str, float] = field(default_factory=dict)
    """How often its wordings name each term over how often they name the commonest one; 1 for those that it is about."""
    alone: list[str] = field(default_factory=list)
    """Terms by which several wordings call it that name nothing it is about."""
    mentions: list[str] = field(default_factory=list)
    """Terms that it names elsewhere."""
    facets: Counter[Facet] = field(default_factory=Counter)


class Digests:
    """The digests of entries under which their parts are kept."""

    def __init__(self, script: Script, names: Mapping[str, str]) -> None:
        """Take what an analysis depends on besides the entry."""
        sources = {
            file.name: file.read_text("utf-8") for file in resources.files("index").iterdir() if file.name.endswith(".py")
        }
        context = [
            parameters.digest(),
            sorted(sources.items()),
            list(script.characters.items()),
            script.phrases,
            list(names.items()),
        ]
        self._context = hashlib.blake2b(json.dumps(context).encode()).digest()

    def of(self, entry: Entry) -> str:
        """The digest of one."""
        return hashlib.blake2b(encoded(entry).encode("utf-8", "surrogatepass"), key=self._context, digest_size=16).hexdigest()


class Kept:
    """Parts by their digest; each is read when it is asked for."""

    def __init__(self, digests: Iterable[str] = (), parts: Blob | None = None) -> None:
        """Take what ``load`` found."""
        self._places = {digest: place for place, digest in enumerate(digests)}
        self._parts = parts
        self._now: dict[str, str] = {}

    def get(self, digest: str) -> Part | None:
        """The part kept under a digest; it is kept on."""
        place = self._places.get(digest)
        if place is None or self._parts is None:
            return None
        text = self._parts[place]
        self._now[digest] = text
        return _decoded(text)

    def put(self, digest: str, part: Part) -> None:
        """Keep a part."""
        self._now[digest] = _encoded(part)

    def save(self, path: Path) -> None:
        """Write what was got and put; the rest is forgotten.

        Raises:
            StoreError: It cannot be written.
        """
        joined, starts = blob(list(self._now.values()))
        store.save(path, {"digests": list(self._now)}, {"parts": joined, "starts": starts})


def load(path: Path) -> Kept:
    """The parts in a file; none where there is no such file or it cannot be used."""
    try:
        manifest, arrays = store.load(path)
        return Kept(manifest["digests"], Blob(arrays["parts"], arrays["starts"]))
    except store.StaleStoreError:
        return Kept()
    except (store.StoreError, KeyError, TypeError) as fault:
        _log.warning("all entries are analysed anew: %s", fault)
        return Kept()


def _encoded(part: Part) -> str:
    return json.dumps(
        [
            part.normals,
            [part.documents[name] for name in FieldName],
            part.forms,
            part.asked,
            part.alone,
            part.mentions,
            part.facets,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _decoded(text: str) -> Part:
    normals, documents, forms, asked, alone, mentions, facets = json.loads(text)
    return Part(
        normals=normals,
        documents=dict(zip(FieldName, documents, strict=True)),
        forms=forms,
        asked=asked,
        alone=alone,
        mentions=mentions,
        facets=Counter({Facet(name): times for name, times in facets.items()}),
    )
