"""What an IRI of the dataset is answered with."""

__all__: list[str] = []
