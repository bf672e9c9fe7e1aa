"""What speaks HTTP: connections, paths, the protocol's answers, what is kept, how it is sent."""

__all__: list[str] = []
