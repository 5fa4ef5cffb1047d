"""Training (培训) and qualification (上机资格): who may operate which instrument, and until when.

Somebody asks for training on an instrument, is invited to a session, which takes the instrument's time, and is granted
the right to operate it, for a while or for good. Whether a right is asked for at all is one of the instrument's booking
rules; booking asks here who holds one.
"""
