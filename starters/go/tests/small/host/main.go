package main

import "example.com/app/events"

func main() {
	registry := events.NewRegistry()
	register(registry)
	registry.Run()
}

func register(registry *events.Registry) {
	// One line for each integration.
}
