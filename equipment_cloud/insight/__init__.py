"""Insight (统计): the city's public figures, each with its definition and the rows behind it.

Figures are read from the books themselves, so that none differs from its rows. One thing alone is kept: how many
instruments there were month by month, which later books cannot say.
"""
