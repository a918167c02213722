"""What takes long to load and is not needed by the first page; imported beside it, once a process."""

from dashboard.kit.asking import guess as guess
from quiz import store as store
