"""Billing (账单): charges of confirmed usage, invoices (发票), proofs of payment (付款凭证), and their allocation.

A charge copies what was frozen when both sides confirmed; nobody types one. A paper is recorded once, by its buyer, and
may serve many bills and claims as long as what is allocated stays within its total: a conditional UPDATE and a
constraint under it say so. Not here: prepayment, monthly statements and disputes; what a claim pays (``settlement``).
"""
