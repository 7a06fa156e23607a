# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

module Dependabot
  module Config
    # Configuration for the repository, a parsed dependabot.yaml.
    class File
      extend T::Sig

      PACKAGE_MANAGER_LOOKUP = T.let(
        {
          "elm" => "elm",
          "mix" => "hex",
          "nix" => "nix"
        }.freeze,
        T::Hash[String, String]
      )

      REVERSE_PACKAGE_MANAGER_LOOKUP = T.let(
        PACKAGE_MANAGER_LOOKUP.invert.freeze,
        T::Hash[String, String]
      )
    end
  end
end
