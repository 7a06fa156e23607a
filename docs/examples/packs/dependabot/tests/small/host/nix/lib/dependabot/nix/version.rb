# typed: strong
# frozen_string_literal: true

require "dependabot/utils"
require "dependabot/version"

module Dependabot
  module Nix
    class Version < Dependabot::Version
    end
  end
end

Dependabot::Utils.register_version_class("nix", Dependabot::Nix::Version)
