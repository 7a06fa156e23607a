// Package acme is the integration Acme.
package acme

import "example.com/app/events"

// Register tells the application what it listens to.
func Register(registry *events.Registry) {
	registry.Start = append(registry.Start, func() {})
}
