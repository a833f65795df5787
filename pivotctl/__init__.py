"""The `pivot` command for developers and operators. Development only, never deployed."""
