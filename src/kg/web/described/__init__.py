"""What the service tells of itself and its dataset: VoID, service description, OpenAPI."""

__all__: list[str] = []
