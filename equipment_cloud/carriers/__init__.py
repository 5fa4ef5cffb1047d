"""The register of carriers (载体): who may be paid with vouchers, for which services, from when to when.

Words: an *entry* is made by one person of the bureau and *confirmed* by another; it is *suspended* for a reason,
*resumed*, or *ended*.
What it does not do: decide whether a certain voucher may be used (``vouchers``), or assess carriers yearly.
"""
