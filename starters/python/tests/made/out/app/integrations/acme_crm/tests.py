"""Tests of Acme Crm."""

import unittest

from app.integrations.acme_crm import AcmeCrm


class AcmeCrmTests(unittest.TestCase):
  """What holds of it."""

  def test_name(self) -> None:
    """It has its name."""
    self.assertEqual(AcmeCrm.name, "acme-crm")
