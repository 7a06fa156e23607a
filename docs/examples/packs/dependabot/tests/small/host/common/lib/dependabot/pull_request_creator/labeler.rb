# typed: strict
# frozen_string_literal: true

module Dependabot
  class PullRequestCreator
    class Labeler
      @label_details = {}

      def self.register_label_details(package_manager, label_details)
        @label_details[package_manager] = label_details
      end
    end
  end
end
