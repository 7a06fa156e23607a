package main

import "example.com/app/events"
import "example.com/app/integrations/acme"

func main() {
	registry := events.NewRegistry()
	register(registry)
	registry.Run()
}

func register(registry *events.Registry) {
	// One line for each integration.
	acme.Register(registry)
}
