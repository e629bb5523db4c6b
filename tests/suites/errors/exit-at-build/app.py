import sys

print("not today")
sys.exit(3)
