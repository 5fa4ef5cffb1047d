"""Innovation vouchers (科技创新券): policies as data, pools of money, vouchers, and the ledger under all of it.

Words: a *policy* has *versions*; a *pool* is a year's money of a policy; a *voucher* is applied for, reviewed by one
person, *issued* by another; a *hold* sets voucher money aside for one thing with a reference (``booking:12``), it is
*drawn* when the service is confirmed or *released*; every amount is a *transfer* between accounts.

What it does not do: know what a booking or a claim is. Rooms above name their records by reference and call
``service.hold``, ``draw``, ``release``, ``approve_claim``, ``pay_claims``.
"""
