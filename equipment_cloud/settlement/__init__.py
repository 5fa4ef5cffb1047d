"""Settlement (兑付): claims, their review by two people, batches, public notice, payment lists and results.

A claim (兑付申请) gathers the papers of confirmed services of one provider on one voucher. Rules judge it: what
*blocks* stops it, what *warns* needs a reviewer's note, and signals never decide. The platform moves no money: it hands
a payment list to the treasury and records the answer. Not here: recovery, samples, awards, policy simulation.
"""
