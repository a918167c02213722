"""What a page computes: calls into `core`, one module a page, cached where they cost. Nothing here knows Streamlit."""
