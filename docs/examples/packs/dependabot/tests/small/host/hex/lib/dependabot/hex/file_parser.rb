# typed: strict
# frozen_string_literal: true

require "sorbet-runtime"

require "dependabot/file_parsers"
require "dependabot/file_parsers/base"

module Dependabot
  module Hex
    class FileParser < Dependabot::FileParsers::Base
      extend T::Sig

      sig { override.returns(T::Array[Dependabot::Dependency]) }
      def parse
        dependency_files.map { |file| file }
      end

      private

      sig { override.void }
      def check_required_files
        raise "nothing to read!" if dependency_files.none?
      end
    end
  end
end

Dependabot::FileParsers.register("hex", Dependabot::Hex::FileParser)
