"""The server and the command line: what binds recognition, translation and speech into a program people run."""
