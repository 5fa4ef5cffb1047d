"""Contracts (合同 / 委托单) between a user and a provider: number, parties, date, total, the paper as PDF.

Seen by the two parties and by those of the bureau who review claims; the file is served here, under the same policy.
Not here: frameworks with call-offs, electronic signatures, what a claim makes of a contract (``settlement``).
"""
