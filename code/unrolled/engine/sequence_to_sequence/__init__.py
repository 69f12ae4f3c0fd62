"""One sequence in, another out: encoder and decoder, attention, search."""
