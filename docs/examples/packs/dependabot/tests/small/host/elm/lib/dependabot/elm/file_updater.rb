# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

require "dependabot/file_updaters"
require "dependabot/file_updaters/base"

module Dependabot
  module Elm
    class FileUpdater < Dependabot::FileUpdaters::Base
      extend T::Sig

      sig { override.returns(T::Array[Dependabot::DependencyFile]) }
      def updated_dependency_files
        []
      end

      private

      sig { override.void }
      def check_required_files; end
    end
  end
end

Dependabot::FileUpdaters.register("elm", Dependabot::Elm::FileUpdater)
