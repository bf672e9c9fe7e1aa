"""What holds a dataset and answers from it: the loader, its workers, and who gives them jobs."""

__all__: list[str] = []
