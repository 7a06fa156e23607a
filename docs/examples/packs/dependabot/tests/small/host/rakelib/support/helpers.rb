# typed: strict
# frozen_string_literal: true

# Rake helper methods with strict typing
class RakeHelpers
  # ./dependabot-core.gemspec is purposefully excluded from this list
  # because it's an empty gem as a placeholder to prevent namesquatting.
  GEMSPECS = %w(
    common/dependabot-common.gemspec
    elm/dependabot-elm.gemspec
    hex/dependabot-hex.gemspec
    nix/dependabot-nix.gemspec
    omnibus/dependabot-omnibus.gemspec
  ).freeze

  def self.run_command(command)
    puts "> #{command}"
    exit 1 unless system(command)
  end
end
