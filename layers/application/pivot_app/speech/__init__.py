"""What callers hear, in their language: texts, numbers and money as words.

English, Spanish, French and German; any other language hears English.
"""

from pivot_app.speech._speech import locale, say, spoken_language, text, try_again_later
from pivot_app.speech._words import money, number, spelled

__all__ = ["locale", "money", "number", "say", "spelled", "spoken_language", "text", "try_again_later"]
