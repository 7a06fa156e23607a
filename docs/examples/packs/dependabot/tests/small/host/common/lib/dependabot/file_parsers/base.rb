# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

module Dependabot
  module FileParsers
    class Base
      extend T::Sig
      extend T::Helpers

      abstract!

      sig { returns(T::Array[Dependabot::DependencyFile]) }
      attr_reader :dependency_files

      sig { params(dependency_files: T::Array[Dependabot::DependencyFile]).void }
      def initialize(dependency_files:)
        @dependency_files = dependency_files

        check_required_files
      end

      sig { abstract.returns(T::Array[Dependabot::Dependency]) }
      def parse; end

      private

      sig { abstract.void }
      def check_required_files; end

      sig { params(filename: String).returns(T.nilable(Dependabot::DependencyFile)) }
      def get_original_file(filename)
        dependency_files.find { |file| file.name == filename }
      end
    end
  end
end
