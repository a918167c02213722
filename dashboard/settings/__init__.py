"""What a page is set to: one frozen dataclass a page, to and from the query of a link. Nothing here knows Streamlit."""
