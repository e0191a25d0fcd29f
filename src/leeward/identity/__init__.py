"""WHO IS THERE: address, log-in and seat -> a subject that rules can see."""
