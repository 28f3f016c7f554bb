"""What becomes of one page: orientation, second pass, reading order, text, judgement."""
