# frozen_string_literal: true

# The integrations of the application.
module App
  INTEGRATIONS = [].freeze
end
