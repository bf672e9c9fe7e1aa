"""Pages without JavaScript: questions with their forms, things with their facts, the editor."""

__all__: list[str] = []
