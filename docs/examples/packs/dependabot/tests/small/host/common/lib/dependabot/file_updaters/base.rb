# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

module Dependabot
  module FileUpdaters
    class Base
      extend T::Sig
      extend T::Helpers

      abstract!

      sig { overridable.returns(T::Array[Dependabot::DependencyFile]) }
      def updated_dependency_files
        raise NotImplementedError
      end

      private

      sig { overridable.void }
      def check_required_files
        raise NotImplementedError
      end

      sig { params(file: Dependabot::DependencyFile).returns(T::Boolean) }
      def file_changed?(file)
        !file.nil?
      end
    end
  end
end
