//! What a user hands over (files, pasted text): its kind, told from the content, and the evidence in it.
