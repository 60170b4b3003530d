"""The second factor's own arithmetic: codes, their seeds, and how the library is told of both."""
