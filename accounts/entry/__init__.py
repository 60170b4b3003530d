"""How people come in and stay in: what the libraries of the log-in call, and what each request is asked."""
