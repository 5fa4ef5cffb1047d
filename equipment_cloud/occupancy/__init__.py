"""Occupancy (占用): whose time it is on which position.

Opening hours, closures, the working-day calendar and the terms under which an instrument may be booked live here, and
so does the one table ``occupation``. Rooms above ask :mod:`service` to occupy, move and release time; nobody else
writes it. This room does not know what a booking, an order or a repair is: an occupation carries a kind and a
reference, no more.
"""
