"""A mapping in YAML as a list in HTML: both by packages whose native code is compiled from source."""

import yaml
from componentize_py_types import Err
from markupsafe import Markup, _speedups, escape
from wit_world import WitWorld as World

# In Python alone these packages work as well, slower: that they have their native code is said at build.
assert yaml.__with_libyaml__ and _speedups


class WitWorld(World):
    def render(self, text: str) -> str:
        try:
            entries = yaml.load(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            raise Err(str(error)) from error
        if not isinstance(entries, dict):
            raise Err("this is no mapping")
        items = (Markup("<li><b>{}</b> {}</li>").format(key, value) for key, value in entries.items())
        return f"<ul>{escape('').join(items)}</ul>"
