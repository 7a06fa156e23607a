package chaos

// Owners are all GitHub handlers of all maintainers.
var Owners = []string{"ada", "grace", "zoe"}
