// Streamlit gives the place where files are dropped a name and the role "presentation", which says that it is nothing:
// a screen reader may leave the name out. It is a group.
new MutationObserver(() => {
  for (const zone of document.querySelectorAll('[data-testid="stFileUploaderDropzone"][role="presentation"]')) {
    zone.setAttribute("role", "group");
  }
}).observe(document, { childList: true, subtree: true });
