package acme

import (
	"testing"

	"example.com/app/events"
)

func TestRegister(t *testing.T) {
	Register(events.NewRegistry())
}
