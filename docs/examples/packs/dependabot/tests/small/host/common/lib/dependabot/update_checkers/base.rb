# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

module Dependabot
  module UpdateCheckers
    class Base
      extend T::Sig

      sig { returns(Dependabot::Dependency) }
      attr_reader :dependency

      sig { overridable.returns(T.nilable(T.any(String, Gem::Version))) }
      def latest_version
        raise NotImplementedError, "#{self.class} must implement #latest_version"
      end

      sig { overridable.returns(T.nilable(Gem::Version)) }
      def lowest_security_fix_version
        raise NotImplementedError, "#{self.class} must implement #lowest_security_fix_version"
      end
    end
  end
end
