"""What programs import most: it is imported when the component is built, and there when an instance starts."""

import datetime
import json
import random

__all__ = ["datetime", "json", "random"]
