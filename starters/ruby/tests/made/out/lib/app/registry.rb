# frozen_string_literal: true

require_relative "integrations/acme_crm"

# The integrations of the application.
module App
  INTEGRATIONS = [Integrations::AcmeCrm].freeze
end
