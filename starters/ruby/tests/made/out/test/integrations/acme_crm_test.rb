# frozen_string_literal: true

require "minitest/autorun"
require "app/integrations/acme_crm"

class AcmeCrmTest < Minitest::Test
  def test_it_is_an_integration
    assert_operator App::Integrations::AcmeCrm, :<, App::Integration
  end
end
