"""An import-linter contract: what a room keeps to itself.

The floors alone would let ``usage`` import ``booking.views``, because it lives above it. This contract allows a room's
edges, forms and schemas to be imported by modules of the same room and by the roof, by nobody else.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OwnRoomContract(Contract):
    """Options: ``container`` (the package of all rooms), ``private`` (names of modules inside a room), ``roof``
    (children of the container that may import them) and ``rooms_without`` (children that are no rooms)."""

    type_name = "own_room"

    container = fields.StringField()
    private = fields.ListField(subfield=fields.StringField())
    roof = fields.ListField(subfield=fields.StringField())
    rooms_without = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        trespassers = [
            (importer, imported)
            for imported in sorted(graph.modules)
            if self._is_private(imported)
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if not self._may_enter(importer, imported)
        ]
        return ContractCheck(kept=not trespassers, metadata={"trespassers": trespassers})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["trespassers"]:
            output.print_error(f"- {importer} imports {imported}", bold=False)
        output.new_line()
        output.print("Only the room itself and the roof may do so: call the other room's service or queries instead.")

    def _is_private(self, module: str) -> bool:
        parts = self._inside(module)
        return len(parts) > 1 and parts[0] not in self.rooms_without and parts[1] in self.private

    def _may_enter(self, importer: str, imported: str) -> bool:
        visitor = self._inside(importer)[0]
        return visitor == self._inside(imported)[0] or visitor in self.roof

    def _inside(self, module: str) -> list[str]:
        """``["booking", "views", "desk"]`` for ``equipment_cloud.booking.views.desk``."""
        prefix = f"{self.container}."
        return module.removeprefix(prefix).split(".") if module.startswith(prefix) else [""]
