"""Organisations (单位), their people and what the bureau thinks of them.

*Organisation*: our identity of an enterprise, institution, bureau or umbrella (研究院、综合体、孵化器); its name and
its credit code (统一社会信用代码) are dated facts. *Membership* with a *role* (角色). *Standing* (用券资格): the
bureau's approval that vouchers need. *Profile year* (年度情况) with the size class that follows (划型). *Bank account*
(收款账户), always two people. *Relation* (关联).

Sign-up takes effect at once for enquiry and booking. The room knows no instrument, no voucher and no money but an
account's number.
"""
