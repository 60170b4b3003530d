"""A page of ours as a browser would send its form."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._select = self._text = ""

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        name = known.get("name") or ""
        if tag == "form":
            self.forms.append({})
        elif not self.forms:
            return
        elif tag == "input" and name and known.get("type") not in ("checkbox", "radio", "submit"):
            self.forms[-1][name] = known.get("value") or ""
        elif tag == "input" and name and "checked" in known:
            self.forms[-1][name] = known.get("value") or "on"
        elif tag == "textarea":
            self._text = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.forms[-1] or "selected" in known):
            self.forms[-1][self._select] = known.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data):
        if self._text:
            self.forms[-1][self._text] += data.removeprefix("\n")


def sent_as_shown(answer) -> dict[str, str]:
    """What the browser sends when the form of the page that asks most is sent as it stands."""
    reader = _Forms()
    reader.feed(answer.content.decode())
    return max((form for form in reader.forms), key=len)
