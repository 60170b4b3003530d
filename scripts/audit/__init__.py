"""What we install and did not write: `python -m scripts.audit`, part of `.ci/run` and `make audit`.

Three questions, each answered in a line: does every package of the locks come by its hash and from no address
of ours (`locks`); may we use what is installed (`licences`); is a hole known in any of them (`advisories`).
"""
