"""A workbook being changed: which parts are new, which other, and how they hang together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from prepos.data.workbook.package import Package, relations, rels_part
from prepos.data.workbook.splice import append, plain, root_prefix, utf8

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FORMAT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
TYPES = "[Content_Types].xml"


class Changes:
    """The changed and new parts of a package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.parts: dict[str, bytes] = {}

    def __getitem__(self, part: str) -> bytes:
        return self.parts[part] if part in self.parts else self.package.parts[part]

    def __setitem__(self, part: str, xml: bytes) -> None:
        self.parts[part] = xml

    def __contains__(self, part: str) -> bool:
        return part in self.parts or part in self.package.parts

    def related(self, part: str, kind: str) -> str:
        """Return the part that another is related to by a kind; empty where there is none."""
        return next((target for _, found, target in self.relations(part) if found == kind and target in self), "")

    def relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Give id, kind and target of the relations of a part, as they are now."""
        rels = rels_part(part)
        return relations({rels: self[rels]}, part) if rels in self else iter(())

    def add(self, stem: str, ending: str, xml: bytes, content_type: str) -> str:
        """Put in a new part under a name that is free, and say what it is."""
        number = 1
        while f"{stem}{number}{ending}" in self:
            number += 1
        name = f"{stem}{number}{ending}"
        self[name] = xml
        self._declare(name, content_type)
        return name

    def relate(self, part: str, kind: str, target: str) -> str:
        """Relate a part to another; return the id of the relation."""
        rels = rels_part(part)
        xml = utf8(self[rels]) if rels in self else NO_RELATIONS
        number = 1
        while f'"rIdPrepos{number}"'.encode() in xml:
            number += 1
        key, p = f"rIdPrepos{number}", root_prefix(xml)
        path = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        child = f'<{p}Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{plain(path)}"/>'
        self[rels] = append(xml, child.encode())
        return key

    def _declare(self, part: str, content_type: str) -> None:
        xml = utf8(self[TYPES])
        child = f'<{root_prefix(xml)}Override PartName="/{plain(part)}" ContentType="{content_type}"/>'
        self[TYPES] = append(xml, child.encode())
