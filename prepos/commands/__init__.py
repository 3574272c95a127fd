"""The commands of `prepos`: each module does one of them and returns what to print; none prints by itself."""
