# typed: strong
# frozen_string_literal: true

require "dependabot/elm"
require "dependabot/hex"
require "dependabot/nix"
