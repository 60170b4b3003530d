"""The two sample workbooks, made the same cell by cell every time.

`python -m scripts.samples` writes `sample/fy2012.xlsx` (one real year, from `sample/facts.csv`),
`sample/demo.xlsx` (an invented year) and `sample/photos/` (drawn pictures for the demo's updates).
"""
