// Package transport has what HTTP clients have in common.
package transport

import (
	"crypto/tls"
	"net/http"
	"time"
)

// DefaultHTTPClient is a client; insecure says whether it accepts certificates that nobody signed.
func DefaultHTTPClient(insecure bool) *http.Client {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: insecure},
	}
	return &http.Client{Transport: transport, Timeout: time.Second * 10}
}
