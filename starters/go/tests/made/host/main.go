package main

import "example.com/app/events"

func main() {
	registry := events.NewRegistry()
	registry.Run()
}
