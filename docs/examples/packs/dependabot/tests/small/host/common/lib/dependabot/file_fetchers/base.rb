# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

module Dependabot
  module FileFetchers
    class Base
      extend T::Sig
      extend T::Helpers

      abstract!

      sig { returns(T::Array[DependencyFile]) }
      def files
        fetch_files.compact
      end

      sig { abstract.returns(T::Array[DependencyFile]) }
      def fetch_files; end
    end
  end
end
