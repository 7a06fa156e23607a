// Package events tells integrations what happens.
package events

// Handler does something at an event.
type Handler func()

// Registry has the handlers of each event.
type Registry struct {
	Start []Handler
	Stop  []Handler
}

// NewRegistry has no handlers yet.
func NewRegistry() *Registry { return &Registry{} }

// Run calls all of them.
func (r *Registry) Run() {
	for _, handler := range append(r.Start, r.Stop...) {
		handler()
	}
}
