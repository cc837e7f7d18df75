"""Words, clipboard and marks: what two people share besides picture and hands."""
