"""The registers as one Excel workbook: a sheet per kind of record, codes as keys.

`Sheet` and the columns say what a sheet holds; each app's sheets stand in its room `sheets`, their order in
`settings.WORKBOOK_SHEETS`. The same sheets are read (`importing`), written (`exporting`) and explained
(`describing`, docs/workbook.md).
"""
