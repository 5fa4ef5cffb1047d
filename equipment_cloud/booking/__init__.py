"""Booking of machine time (预约机时): asking for time on an instrument, and what becomes of the request.

A booking names an instrument, a period, a purpose and who pays; its time is held by the ``occupancy`` room, its share
of public money by the ``vouchers`` room, its price comes from the ``pricing`` room. Shown before commitment, the
estimate is kept as it was shown. What really happened at the instrument belongs to ``usage``, bills to ``billing``.
"""
