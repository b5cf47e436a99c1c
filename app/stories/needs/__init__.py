"""What members need: questions and topics, who answered them, and who wrote the answer down."""
