"""Messages to people (站内消息): inbox, short message, e-mail.

Rooms write an outbox row in the transaction of their act; this room delivers it: always to the *inbox* (收件箱), and by
short message or e-mail where that is worth it and possible. Messages are kept as message id and values, and worded in
the reader's language when they are read.
"""
