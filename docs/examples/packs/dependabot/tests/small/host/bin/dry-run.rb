#!/usr/bin/env ruby
# typed: true
# frozen_string_literal: true

# Usage:
#   bin/dry-run.rb [OPTIONS] PACKAGE_MANAGER GITHUB_REPO

$LOAD_PATH << "./common/lib"
$LOAD_PATH << "./elm/lib"
$LOAD_PATH << "./hex/lib"
$LOAD_PATH << "./nix/lib"
$LOAD_PATH << "./vendor"

require "dependabot/file_fetchers"
require "dependabot/file_parsers"

require "dependabot/elm"
require "dependabot/hex"
require "dependabot/nix"

valid_package_managers = %w(
  elm
  hex
  nix
)

unless valid_package_managers.include?(ARGV.first)
  abort "PACKAGE_MANAGER is one of: #{valid_package_managers.join(', ')}"
end

puts Dependabot::FileParsers.for_package_manager(ARGV.first)
