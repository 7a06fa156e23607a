// One line for each module that an integration serves.
