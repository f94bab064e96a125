"""Extensions: what reacts to signals."""
