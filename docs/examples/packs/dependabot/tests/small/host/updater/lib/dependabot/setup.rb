# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

require "dependabot/dependency"

# Ecosystems
require "dependabot/elm"
require "dependabot/hex"
require "dependabot/nix"
