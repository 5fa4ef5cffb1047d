"""Usage (使用记录): what really happened at the instrument, its evidence, and who confirmed it.

A *usage record* is one session on one position. It is started and stopped at the instrument (``/at/<code>``, opened by
QR code), priced and drawn from the voucher when both sides have confirmed it, and corrected only with a reason, the old
values kept. What it does not do: plan time (``booking``), bill it (``billing``) or claim it (``settlement``).
"""
