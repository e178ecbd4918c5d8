"""What is learnt from: our own data, logged dialogues and public sets as plain records, and the variety drawn from them."""
