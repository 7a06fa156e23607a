"""The integrations of the application."""

from app.integrations.acme_crm import AcmeCrm

INTEGRATIONS = [AcmeCrm]
