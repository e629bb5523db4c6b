import sys; sys.customized = __name__
