# frozen_string_literal: true

Gem::Specification.new do |spec|
  common_gemspec =
    Bundler.load_gemspec_uncached("../common/dependabot-common.gemspec")

  spec.name         = "dependabot-omnibus"
  spec.summary      = "Meta-package that provides all the gems included in Dependabot"
  spec.version      = common_gemspec.version

  spec.require_path = "lib"
  spec.files        = ["lib/dependabot/omnibus.rb"]

  spec.add_dependency "dependabot-common", Dependabot::VERSION
  spec.add_dependency "dependabot-elm", Dependabot::VERSION
  spec.add_dependency "dependabot-hex", Dependabot::VERSION
  spec.add_dependency "dependabot-nix", Dependabot::VERSION

  common_gemspec.development_dependencies.each do |dep|
    spec.add_development_dependency dep.name, *dep.requirement.as_list
  end
end
