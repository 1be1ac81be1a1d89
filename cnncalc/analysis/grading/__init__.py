"""Marking homework: answers are read, matched with the layers of a network, and every wrong one explained."""
