"""Tables in and out: workbooks (xlsx, xls, xlsb, ods) and csv are read alike; xlsx and csv are written safely.

:func:`read` gives text cells exactly where they stood, so that a problem can be shown as ``J7``. Everything wrong with
a file as a whole is one refusal. Nothing written by :func:`csv_lines` or :func:`write_xlsx` ever starts a formula.
"""

from equipment_cloud.foundation.tabular.reading import Limits, Table, cell_name, column_name, read, read_path
from equipment_cloud.foundation.tabular.writing import Column, Sheet, csv_lines, plain_cell, write_xlsx

__all__ = [
    "Column",
    "Limits",
    "Sheet",
    "Table",
    "cell_name",
    "column_name",
    "csv_lines",
    "plain_cell",
    "read",
    "read_path",
    "write_xlsx",
]
