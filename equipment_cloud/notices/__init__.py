"""Public notices (公示) of anything with a reference: frozen rows, checksum, working days, objections (异议).

The room knows nothing of what it posts; whoever posted looks up what became of each line. Not here: what an upheld
objection does to money (``settlement``).
"""
