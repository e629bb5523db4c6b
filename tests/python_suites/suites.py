"""Runs CPython's own tests, which lie in the folder that the host grants as /tests."""

import _hashlib
import array
import bz2
import codecs
import contextlib
import copy
import datetime
import decimal
import fractions
import functools
import gc
import hashlib
import hmac
import heapq
import io
import itertools
import json
import locale
import lzma
import math
import mmap
import operator
import os
import pathlib
import pickle
import random
import re
import shutil
import sqlite3
import ssl
import statistics
import string
import struct
import sys
import tempfile
import textwrap
import threading
import time
import traceback
import types
import unicodedata
import unittest
import unittest.mock
import warnings
import weakref
import xml.etree.ElementTree
import zlib


class WitWorld:
    def run(self, module: str) -> tuple[int, int, int]:
        sys.path[:] = ["/tests", "/lib/python3.13", "/lib/python3.13/lib-dynload"]
        os.environ.setdefault("TMPDIR", "/tmp")
        os.chdir("/tmp")
        suite = unittest.defaultTestLoader.loadTestsFromName(f"test.{module}")
        result = unittest.TextTestRunner(stream=sys.stderr, verbosity=1).run(suite)
        return result.testsRun, len(result.failures) + len(result.errors), len(result.skipped)
