# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "dependabot-common"
  spec.version = "0.1.0"
  spec.summary = "Shared code used across Dependabot Core"
  spec.files = Dir["lib/**/*"]
end
