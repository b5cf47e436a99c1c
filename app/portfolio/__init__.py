"""Taking it with you: what a member shows of their badges, and takes along in every form."""
