# typed: strong
# frozen_string_literal: true

module Dependabot
  class Requirement < Gem::Requirement
  end
end
