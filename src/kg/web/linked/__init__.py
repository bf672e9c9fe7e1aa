"""What an IRI of the dataset is answered with."""
