"""The front door (门户): home page, everyone's desk, the bureau's desk, the clock, the trail, help.

It shows what the rooms offer (``PANELS``, jobs, audit notes) and decides nothing. ``POST /api/v1/files`` stands here
because a file has no room until a record refers to it. Not here: search (discovery), figures (insight).
"""
