"""Pricing (收费): what an hour on an instrument costs, for whom, from when.

A price plan belongs to one instrument and to a span of dates. Once a price was taken from it, it may be ended by a
newer plan but never changed; what was priced keeps its own copy of the lines. Bills, discounts and vouchers are not
known here.
"""
