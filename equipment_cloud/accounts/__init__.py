"""People and how they prove who they are (账号).

*Person* (用户): one human being, reached by mobile or e-mail. *Password*, *one-time code* (短信验证码), *lock-out*
(锁定) after repeated failures, *session* (登录会话) that ends when the password changes, *token* (令牌) for programs.

What a person may do is not known here: roles belong to ``organisations``. The room never says whether a name has an
account, neither in words nor by how long it takes to answer.
"""
