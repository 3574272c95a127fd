"""`python -m prepos` is the command `prepos`."""

from prepos.cli import app

if __name__ == "__main__":
    app(prog_name="prepos")
