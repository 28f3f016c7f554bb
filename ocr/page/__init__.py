"""Steps on one page: orientation, second pass, reading order, text, judgement."""
