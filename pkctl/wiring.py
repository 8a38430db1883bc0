"""The only module that knows which concrete class is used where."""
