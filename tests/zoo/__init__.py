"""The specs that come with the program, against what is published about their networks."""
