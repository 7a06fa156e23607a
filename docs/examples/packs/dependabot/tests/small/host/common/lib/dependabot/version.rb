# typed: strong
# frozen_string_literal: true

module Dependabot
  class Version < Gem::Version
  end
end
