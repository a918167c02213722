"""Beyond the chapter: what interviews ask on recurrent networks and the chapter does not teach, marked as such."""
