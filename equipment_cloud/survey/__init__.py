"""Surveys of equipment (普查 / 摸底): campaigns, imports of tables, and where each record came from.

Words: a *campaign* (普查轮次) is one survey with its due date; an *import* (导入) is one table read into it; a
*mapping* (列映射) says which column of a foreign table is which field. An import accepts or lists every row;
nothing is dropped.

Does not keep the records: they are the catalogue's, which also verifies and publishes them.
"""
