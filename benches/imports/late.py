"""Modules to import late; as a script it imports some, and prints how long the last took."""

import sys
import time


def statements():
    import colorsys  # which imports nothing itself
    import argparse
    import ast
    import asyncio
    import base64
    import bz2
    import calendar
    import cmd
    import configparser
    import contextlib
    import csv
    import dataclasses
    import datetime
    import decimal
    import difflib
    import doctest
    import email
    import email.message
    import fractions
    import gzip
    import hashlib
    import heapq
    import html
    import html.parser
    import http.client
    import inspect
    import ipaddress
    import json
    import logging
    import mimetypes
    import pathlib
    import pickle
    import pprint
    import queue
    import random
    import re
    import secrets
    import shelve
    import shlex
    import sqlite3
    import statistics
    import string
    import tarfile
    import tempfile
    import textwrap
    import threading
    import tomllib
    import typing
    import unittest
    import urllib.parse
    import urllib.request
    import uuid
    import xml.etree.ElementTree
    import zipfile
    import zoneinfo


# The names that a function uses beside its own variables: here, those in its import statements.
NAMES = list(statements.__code__.co_names)
LOADED = list(sys.modules)


def load(name):
    __import__(name)


def measure(names, before):
    for module in before:
        try:
            __import__(module)
        except ImportError:
            # Another Python has other modules.
            continue
    for name in names:
        start = time.process_time_ns()
        load(name)
        end = time.process_time_ns()
    print(end - start)


if __name__ == "__main__":
    measure(sys.argv[1].split(","), sys.argv[2:])
