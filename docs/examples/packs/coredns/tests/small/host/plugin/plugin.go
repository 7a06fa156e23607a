// Package plugin says what a plugin is.
package plugin

import (
	"context"

	"github.com/miekg/dns"
)

type (
	// Plugin chains one handler to the next.
	Plugin func(Handler) Handler

	// Handler answers a request, or hands it on.
	Handler interface {
		ServeDNS(context.Context, dns.ResponseWriter, *dns.Msg) (int, error)
		Name() string
	}
)
