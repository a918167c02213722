"""How a server answers: what stands around Streamlit's own answers, each part a middleware in a file of its own.

`server.py` lists them in their order. One's own server has few of them; a hosted one has them all.
"""
