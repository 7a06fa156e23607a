# typed: strong
# frozen_string_literal: true

module Dependabot
  module Utils
    @version_classes = {}
    @requirement_classes = {}

    def self.register_version_class(package_manager, version_class)
      @version_classes[package_manager] = version_class
    end

    def self.register_requirement_class(package_manager, requirement_class)
      @requirement_classes[package_manager] = requirement_class
    end
  end
end
