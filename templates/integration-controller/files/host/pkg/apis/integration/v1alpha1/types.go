// Package v1alpha1 is the API of integrations.
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

const (
	// GroupName is the group of the API.
	GroupName = "integreatly.org"
	// Version is the version of the API.
	Version = "v1alpha1"
	// IntegrationKind is the kind of an integration.
	IntegrationKind = "Integration"
)

// Phase says how far an integration is.
type Phase string

const (
	// PhaseNone is that of an integration that nobody looked at.
	PhaseNone Phase = ""
	// PhaseAccepted is that of an integration that is valid.
	PhaseAccepted Phase = "accepted"
	// PhaseComplete is that of an integration that was carried out.
	PhaseComplete Phase = "complete"
)

// Integration joins a service that produces with one that consumes.
type Integration struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              IntegrationSpec   `json:"spec"`
	Status            IntegrationStatus `json:"status,omitempty"`
}

// IntegrationSpec says what is integrated.
type IntegrationSpec struct {
	ServiceProvider string `json:"serviceProvider"`
	IntegrationType string `json:"integrationType"`
	Client          string `json:"client"`
	Enabled         bool   `json:"enabled"`
}

// IntegrationStatus says what became of it.
type IntegrationStatus struct {
	Phase               Phase             `json:"phase"`
	IntegrationMetaData map[string]string `json:"metaData"`
	StatusMessage       string            `json:"statusMessage"`
}

// NewIntegration is an integration without a name.
func NewIntegration() *Integration {
	return &Integration{
		TypeMeta: metav1.TypeMeta{
			Kind:       IntegrationKind,
			APIVersion: GroupName + "/" + Version,
		},
	}
}

// DeepCopy is the integration with everything in it.
func (in *Integration) DeepCopy() *Integration {
	out := *in
	in.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	if in.Status.IntegrationMetaData != nil {
		out.Status.IntegrationMetaData = make(map[string]string, len(in.Status.IntegrationMetaData))
		for key, value := range in.Status.IntegrationMetaData {
			out.Status.IntegrationMetaData[key] = value
		}
	}
	return &out
}

// DeepCopyObject is the same for the runtime.
func (in *Integration) DeepCopyObject() runtime.Object {
	return in.DeepCopy()
}
