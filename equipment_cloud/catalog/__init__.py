"""The catalogue (仪器目录): what there is, who owns it, who looked at it, and what is public.

Words: an *instrument* (仪器) belongs to an organisation and has *positions* (工位), one customer each at a time; a
*test service* (检测项目) is work done on samples, priced per unit. The bureau *verifies*, the owner *consents* to
terms and public fields, then the record is *published*.

Keeps the record from draft to retirement, its calibrations, and the search index. Does not know time, prices or money;
public pages and search live upstairs in ``discovery``, surveys and imports in ``survey``.
"""
