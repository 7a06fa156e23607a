"""The integration Acme Crm."""


class AcmeCrm:
  """What the application knows of it."""

  name = "acme-crm"

  def on_start(self) -> None:
    """Called by the application."""
