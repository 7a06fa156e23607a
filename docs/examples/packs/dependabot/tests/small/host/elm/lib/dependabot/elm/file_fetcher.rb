# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

require "dependabot/file_fetchers"
require "dependabot/file_fetchers/base"

module Dependabot
  module Elm
    class FileFetcher < Dependabot::FileFetchers::Base
      extend T::Sig

      sig { override.returns(T::Array[DependencyFile]) }
      def fetch_files
        ["elm.json"]
      end
    end
  end
end

Dependabot::FileFetchers.register("elm", Dependabot::Elm::FileFetcher)
