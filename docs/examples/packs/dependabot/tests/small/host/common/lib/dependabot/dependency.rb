# typed: strict
# frozen_string_literal: true

module Dependabot
  VERSION = "0.1.0"

  class Dependency
    @production_checks = {}

    def self.register_production_check(package_manager, production_check)
      @production_checks[package_manager] = production_check
    end
  end
end
