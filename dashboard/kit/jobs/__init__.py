"""Experiments that run beside the pages, in processes of their own."""
