# frozen_string_literal: true

module App
  # What integrations may listen to.
  EVENTS = %i[start stop].freeze

  # What an integration must do.
  class Integration
    def label
      raise NotImplementedError, "#{self.class} has no label"
    end

    def run(payload, dry: false)
      raise NotImplementedError, "#{self.class} does nothing with #{payload}"
    end
  end
end
