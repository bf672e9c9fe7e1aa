"""The knowledge graph of China's provincial digital government: make, check, ask."""

__version__ = "0.1.0"
