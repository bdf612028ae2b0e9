"""Holds the talk: the dialogue's pure core, its wording, settings, state, and the front ends terminal and Telegram."""
