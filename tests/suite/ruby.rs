//! What is made for hosts in Ruby, judged by Ruby itself: packs to begin with, the example pack, and what is learnt.

use std::path::Path;
use std::process::Command;

use crate::support::fault::copy_tree;
use crate::support::sandbox::{Sandbox, assert_same, git, tree};

/// What Ruby prints when it runs with these words in the host. `None` if it is not installed: where CI is set that is a failure.
fn ruby(host: &Sandbox, words: &[&str]) -> Option<String> {
    let output = match Command::new("ruby").args(words).current_dir(&host.root).output() {
        Ok(output) => output,
        Err(error) => {
            let ci = std::env::var_os("CI").is_some_and(|value| value == "true");
            assert!(!ci, "`ruby` is not there: {error}");
            println!("skipped: `ruby` is not installed here ({error})");
            return None;
        }
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Compiles each file of the host that is written in Ruby.
fn compiled(host: &Sandbox) {
    let is_ruby = |path: &&String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        !path.starts_with(".tenon")
            && (name == "Gemfile" || name.ends_with(".rb") || name.ends_with(".gemspec"))
    };
    let files: Vec<String> = tree(&host.root).keys().filter(is_ruby).cloned().collect();
    assert!(files.len() > 3, "{files:?}");
    let script = "ARGV.each { |file| RubyVM::InstructionSequence.compile_file(file) }";
    let mut words = vec!["-e", script];
    words.extend(files.iter().map(String::as_str));
    ruby(host, &words);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A host with the pack `pack` in it.
fn with_pack(host: &str, pack: &str) -> Sandbox {
    let out = Sandbox::copy_of(&root().join(host));
    std::fs::create_dir_all(out.at("tools/pack/files")).unwrap();
    copy_tree(&root().join(pack).join("files"), &out.at("tools/pack/files"));
    std::fs::copy(
        root().join(pack).join("pack.toml"),
        out.at("tools/pack/pack.toml"),
    )
    .unwrap();
    out.write("tenon.toml", "pack = \"./tools/pack\"\n");
    out
}

fn files(host: &Sandbox) -> crate::support::sandbox::Tree {
    let mut all = tree(&host.root);
    all.retain(|path, _| !path.starts_with(".tenon") && path != ".git" && !path.starts_with(".git/"));
    all
}

const ACME: &str = "lib/app/integrations/acme.rb";

/// A host in which a member was made with the pack to begin with.
fn started() -> Sandbox {
    let host = with_pack("starters/ruby/tests/made/host", "starters/ruby");
    host.done(&[
        "new-integration",
        "acme",
        "--events",
        "start,stop",
        "--no-input",
        "--yes",
        "--quiet",
    ]);
    host
}

#[test]
fn a_method_that_is_missing_is_written_as_ruby_takes_it() {
    let host = started();
    compiled(&host);
    let script = "require 'app/registry'; App::INTEGRATIONS.each { |made| p made.new.run(1, dry: true) }";
    if let Some(said) = ruby(&host, &["-Ilib", "-e", script]) {
        assert_eq!(said, "nil\n");
    }
    let whole = host.read(ACME);
    let method = "\n      def run(payload, dry: false)\n        nil\n      end\n";
    host.replace(
        ACME,
        method,
        "\n      private\n\n      def helper\n        1\n      end\n",
    );
    let found = host.run(&["check"]);
    assert_eq!(found.code, 1, "{}", found.out);
    let said = "`App::Integrations::Acme` has no method `run`";
    assert!(found.out.contains(said), "{}", found.out);
    host.done(&["check", "--fix"]);
    let fixed = host.read(ACME);
    assert!(fixed.contains(&format!("{method}\n      private\n")), "{fixed}");
    compiled(&host);
    ruby(&host, &["-Ilib", "-e", script]);
    // Another head is written as the contract has it.
    host.write(ACME, whole.replace("def run(payload, dry: false)", "def run"));
    host.done(&["check", "--fix", "--unsafe-fixes"]);
    assert_eq!(host.read(ACME), whole);
}

#[test]
fn what_a_class_has_from_elsewhere_or_makes_when_it_runs_is_not_said_to_be_missing() {
    let host = started();
    let method = "\n      def run(payload, dry: false)\n        nil\n      end\n";
    for instead in [
        "\n      def_delegators :@inner, :run\n",
        "\n      include Kit::Runs\n",
        "\n      NAMES.each { |name| define_method(name) { 1 } }\n",
        "\n      alias run label\n",
    ] {
        let whole = host.read(ACME);
        host.replace(ACME, method, instead);
        host.done(&["check"]);
        host.write(ACME, whole);
    }
}

#[test]
fn what_belongs_to_the_class_is_asked_of_the_class() {
    let host = started();
    let base = "lib/app/integration.rb";
    host.replace(
        base,
        "    def label\n",
        "    class << self\n      sig { abstract.params(key: String).returns(T.untyped) }\n      def from(key)\n        raise NotImplementedError, key\n      end\n    end\n\n    def label\n",
    );
    // An instance method of this name is another one.
    host.replace(
        ACME,
        "      def run(",
        "      def from(key)\n        1\n      end\n\n      def run(",
    );
    let found = host.run(&["check"]);
    assert_eq!(found.code, 1, "{}", found.out);
    let said = "`App::Integrations::Acme` has no method `from`";
    assert!(found.out.contains(said), "{}", found.out);
    let whole = host.read(ACME);
    for instead in ["extend Kit::Makes", "def self.from(key, other = 1) = other"] {
        host.replace(
            ACME,
            "      def run(",
            &format!("      {instead}\n\n      def run("),
        );
        host.done(&["check"]);
        host.write(ACME, &whole);
    }
    host.done(&["check", "--fix"]);
    let fixed = host.read(ACME);
    assert!(
        fixed.ends_with("\n      def self.from(key)\n        nil\n      end\n    end\n  end\nend\n"),
        "{fixed}"
    );
    // What others write above their methods stands above the stub.
    host.write(ACME, &whole);
    host.replace(
        "lib/app/registry.rb",
        "module App\n",
        "module App\n  sig { void }\n",
    );
    host.done(&["check", "--fix"]);
    let signed = "      sig { override.params(key: String).returns(T.untyped) }\n      def self.from(key)\n";
    assert!(host.read(ACME).contains(signed), "{}", host.read(ACME));
    let wrong = host.read(ACME).replace("self.from(key)", "self.from");
    host.write(ACME, wrong);
    assert!(host.run(&["check"]).out.contains("does not take `key`"));
}

#[test]
fn what_an_entry_needs_is_loaded_and_goes_with_it() {
    let host = started();
    let registry = host.read("lib/app/registry.rb");
    assert!(
        registry.contains("require_relative \"integrations/acme\"\n"),
        "{registry}"
    );
    host.done(&["new-integration", "zeta", "--no-input", "--yes", "--quiet"]);
    let both = host.read("lib/app/registry.rb");
    assert!(
        both.contains("integrations/acme\"\nrequire_relative \"integrations/zeta\"\n"),
        "{both}"
    );
    host.done(&["remove-integration", "zeta", "--yes", "--quiet"]);
    assert_eq!(host.read("lib/app/registry.rb"), registry);
}

#[test]
fn which_gem_has_what_is_loaded_is_not_guessed() {
    let host = started();
    let rule = "\n[[kind.integration.rule]]\nexpect = \"dependencies\"\nfile = \"a.json\"\npointers = [\"/gems\"]\nsources = \"lib\"\nwhy = \"w\"\n";
    let pack = host.read("tools/pack/pack.toml");
    host.write("tools/pack/pack.toml", format!("{pack}{rule}"));
    let said = host.run(&["pack", "check", "tools/pack"]);
    assert_ne!(said.code, 0);
    let all = format!("{}{}", said.out, said.err);
    assert!(
        all.contains("`expect = \"dependencies\"` is not known for ruby"),
        "{all}"
    );
}

const DEPENDABOT: &str = "docs/examples/packs/dependabot";

/// The small host of the example pack.
fn ecosystems() -> Sandbox {
    with_pack(&format!("{DEPENDABOT}/tests/small/host"), DEPENDABOT)
}

#[test]
fn the_example_pack_makes_what_ruby_loads_and_takes_it_back() {
    let host = ecosystems();
    let before = files(&host);
    host.done(&[
        "new-integration",
        "acme_kit",
        "--key",
        "acme",
        "--no-input",
        "--yes",
        "--quiet",
    ]);
    compiled(&host);
    let loaded = |name: &str| ruby(&host, &["bin/dry-run.rb", name]);
    if let Some(said) = loaded("acme_kit") {
        assert_eq!(said, "Dependabot::AcmeKit::FileParser\n");
    }
    git(&host.root, &["init", "-q"]);
    git(&host.root, &["add", "-A"]);
    git(&host.root, &["commit", "-qm", "made"]);
    // By hand: what a stub stands for.
    let parser = "acme_kit/lib/dependabot/acme_kit/file_parser.rb";
    host.replace(
        parser,
        "def parse\n        raise NotImplementedError",
        "def parse\n        []",
    );
    host.done(&["check"]);
    // The next version of the pack says more in a file and knows another list.
    let pack = host.read("tools/pack/pack.toml");
    let pack = pack.replace("version = \"1.0.0\"", "version = \"1.1.0\"");
    let site = "[kind.integration.site.code]\nfile = \"sorbet/config\"\nentry = \"--ignore={{name}}/helpers/\"\nwhy = \"helpers are not checked\"\nunchecked = true\n";
    host.write("tools/pack/pack.toml", format!("{pack}\n{site}"));
    let template = "tools/pack/files/parser/file_parser.rb.hbs";
    host.replace(
        template,
        "      extend T::Sig\n",
        "      extend T::Sig\n\n      LOCKFILE = \"{{name}}.lock\"\n",
    );
    host.write(
        "sorbet/config",
        format!("{}--ignore=hex/helpers/\n", host.read("sorbet/config")),
    );
    host.done(&["update", "--yes"]);
    let merged = host.read(parser);
    assert!(
        merged.contains("LOCKFILE = \"acme_kit.lock\"\n\n      sig { override.returns(T::Array[Dependabot::Dependency]) }\n      def parse\n        []\n"),
        "{merged}"
    );
    assert!(
        host.read("sorbet/config")
            .contains("--ignore=acme_kit/helpers/\n")
    );
    compiled(&host);
    loaded("acme_kit");
    host.done(&["remove-integration", "acme_kit", "--force", "--yes", "--quiet"]);
    let gone: Vec<String> = files(&host)
        .keys()
        .filter(|path| path.starts_with("acme_kit"))
        .cloned()
        .collect();
    assert!(gone.is_empty(), "{gone:?}");
    assert_eq!(files(&host).len(), before.len());
    compiled(&host);
    assert_eq!(host.run(&["check"]).code, 0);
    loaded("hex");
}

/// Gems beside each other at the root of a host, with folders whose names no member could have.
fn gems() -> Sandbox {
    let names = ["amber", "cobalt", "indigo", "ochre", "sienna"];
    let host = Sandbox::empty();
    let each = |line: &dyn Fn(&str) -> String| names.map(line).concat();
    for name in names {
        let class = name[..1].to_uppercase() + &name[1..];
        host.write(
            &format!("{name}/lib/kit/{name}.rb"),
            format!("# frozen_string_literal: true\n\nmodule Kit\n  # The colour {name}.\n  class {class}\n    def name\n      \"{name}\"\n    end\n  end\nend\n"),
        );
        host.write(
            &format!("{name}/kit-{name}.gemspec"),
            format!("Gem::Specification.new do |spec|\n  spec.name = \"kit-{name}\"\nend\n"),
        );
    }
    host.write(".ci/steps.txt", "run\n");
    host.write(
        "Gemfile",
        format!(
            "source \"https://gems.example.com\"\n\n{}",
            each(&|name| format!("gem \"kit-{name}\", path: \"{name}\"\n"))
        ),
    );
    host.write(
        "all/lib/all.rb",
        format!(
            "# frozen_string_literal: true\n\n{}\nALL = %w(\n{}).freeze\n\ndef colour(name)\n  case name\n{}  else raise \"no colour\"\n  end\nend\n",
            each(&|name| format!("require \"kit/{name}\"\n")),
            each(&|name| format!("  {name}/kit-{name}.gemspec\n")),
            each(&|name| format!("  when \"{name}\" then Kit::{}{}.new\n", name[..1].to_uppercase(), &name[1..])),
        ),
    );
    host
}

#[test]
fn gems_at_the_root_of_a_host_are_learnt_made_and_removed() {
    let host = gems();
    let learnt = host.done(&["learn", "{name}", "--yes"]);
    for said in [
        "5 members at {name}: amber, cobalt, indigo, ochre, sienna",
        "5 of 5  Gemfile  gem \"kit-{{name}}\", path: \"{{name}}\"",
        "5 of 5  all/lib/all.rb  require \"kit/{{name}}\"",
        "5 of 5  all/lib/all.rb  {{name}}/kit-{{name}}.gemspec",
        "5 of 5  all/lib/all.rb  when \"{{name}}\" then Kit::{{pascal name}}.new",
    ] {
        assert!(
            learnt.err.contains(said),
            "{said}
{}",
            learnt.err
        );
    }
    // The pack stands beside the members, and is none of them.
    host.done(&["check"]);
    let made = files(&host);
    host.done(&["new", "member", "lemon", "--yes"]);
    let loads: Vec<String> = ["amber", "cobalt", "indigo", "lemon", "ochre", "sienna"]
        .map(|name| format!("-I{name}/lib"))
        .into();
    let mut words: Vec<&str> = loads.iter().map(String::as_str).collect();
    words.extend([
        "-Iall/lib",
        "-e",
        "require 'all'; puts colour('lemon').name, ALL.length",
    ]);
    if let Some(said) = ruby(&host, &words) {
        assert_eq!(said, "lemon\n6\n");
    }
    compiled(&host);
    host.done(&["remove", "member", "lemon", "--yes"]);
    assert_same(&made, &files(&host));
}
