# frozen_string_literal: true

require_relative "../integration"

module App
  module Integrations
    # The integration Acme Crm.
    class AcmeCrm < Integration
      def on_start
      end

      def label
        nil
      end

      def run(payload, dry: false)
        nil
      end
    end
  end
end
