//! Ruby read and written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::class::Declared;
use crate::contract::{Contract, Visibility};
use crate::language::Lang;
use crate::sources::{Definition, ImportTarget, Sources};
use tenon_text::diag::apply_edits;
use tenon_text::format::Indent;

struct Files(BTreeMap<&'static str, &'static str>);

impl Source for Files {
    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.0.get(path).map(|text| Arc::from(*text))
    }

    fn names(&self, path: &str) -> Vec<String> {
        let below = |file: &&str| match path {
            "" => Some((*file).to_owned()),
            _ => file.strip_prefix(path)?.strip_prefix('/').map(str::to_owned),
        };
        let mut out: Vec<String> = self.0.keys().filter_map(below).collect();
        out.iter_mut()
            .for_each(|name| name.truncate(name.find('/').unwrap_or(name.len())));
        out.dedup();
        out
    }
}

const BASE: &str = "module Shop
  module Gates
    # What a gate must do.
    class Base
      attr_reader :name

      def initialize(name)
        @name = name
      end

      def pay(amount, currency = \"EUR\", by:, at: nil, **rest, &done)
        raise NotImplementedError
      end

      def back(*parts)
        fail NotImplementedError, \"#{self.class} cannot\"
      end

      def open?
        true
      end

      sig { abstract.returns(String) }
      def kind; end

      def self.usual
        raise ::NotImplementedError
      end

      private

      def key = raise(NotImplementedError.new(\"key\"))
    end
  end
end
";

const ACME: &str = "# frozen_string_literal: true

require \"shop/gates/base\"
require_relative \"../helpers/log\"

module Shop
  module Gates
    class Acme < Base
      include Helpers::Log
      delegate :back, to: :inner

      def pay(amount, by:, **rest)
        1
      end

      private

      def key
        \"k\"
      end
    end
  end
end
";

fn files() -> Files {
    Files(BTreeMap::from([
        ("lib/shop/gates/base.rb", BASE),
        ("lib/shop/gates/acme.rb", ACME),
        (
            "lib/shop/helpers/log.rb",
            "module Shop::Helpers\n  module Log\n    def log; end\n  end\nend\n",
        ),
        (
            "bin/run.rb",
            "require \"./lib/shop\"\nbegin\n  require_relative \"gone\"\nrescue LoadError\n  nil\nend\n",
        ),
        (
            "more/lib/more.rb",
            "require \"shop/gates/base\"\nclass More < ::Shop::Gates::Base\n  include Kit::Parts\nend\nclass Made < Shop::Gates::Base\n  NAMES.each { |name| define_method(name) { 1 } }\nend\n",
        ),
    ]))
}

fn contract(files: &Files) -> Contract {
    let code = modules::Modules::new(files, "lib/shop/gates/base.rb");
    code.contract(&["Shop::Gates::Base"]).unwrap()
}

#[test]
fn what_only_raises_is_asked_for_and_nothing_else_is() {
    let contract = contract(&files());
    let asked: Vec<&str> = contract.required().map(|method| method.name.as_str()).collect();
    assert_eq!(asked, ["pay", "back", "kind", "usual", "key"]);
    assert_eq!(contract.method("key").unwrap().visibility, Visibility::Protected);
    assert!(contract.method("usual").unwrap().is_static && !contract.method("open?").unwrap().required);
    let heads: Vec<String> = contract.methods.iter().map(print::head).collect();
    assert_eq!(
        heads[1],
        "def pay(amount, currency = \"EUR\", by:, at: nil, **rest, &done)"
    );
    assert_eq!(heads[5], "def self.usual");
    assert_eq!(
        print::arguments(contract.method("pay").unwrap()),
        "amount, currency, by: by, at: at, **rest, &done"
    );
    let files = files();
    let code = modules::Modules::new(&files, "lib/shop/gates/base.rb");
    assert!(code.contract(&["Shop", "Gates"]).is_err() && code.contract(&["Shop::Gates::Other"]).is_err());
}

#[test]
fn constants_are_followed_to_their_files_or_are_said_to_be_unknown() {
    let files = files();
    let code = modules::Modules::new(&files, "");
    let acme = "lib/shop/gates/acme.rb";
    let of = |path: &str, name: &str| match code.definition(path, name) {
        Definition::Declared { file, local, .. } => format!("{file} {local}"),
        Definition::Outside { module, path } => format!("{module}!{}", path.join(".")),
        Definition::Module(_) | Definition::Unknown => "?".to_owned(),
    };
    assert_eq!(of(acme, "Base"), "lib/shop/gates/base.rb Shop::Gates::Base");
    assert_eq!(
        of(acme, "Helpers::Log"),
        "lib/shop/helpers/log.rb Shop::Helpers::Log"
    );
    assert_eq!(
        of("more/lib/more.rb", "::Shop::Gates::Base"),
        "lib/shop/gates/base.rb Shop::Gates::Base"
    );
    assert_eq!(of(acme, "Kit::Parts"), "Kit!Parts");
    assert_eq!(of(acme, "Shop::Nothing"), "?");
    assert_eq!(of(acme, "Struct.new(:a)"), "?");
    let target = |specifier: &str| code.import_target(acme, specifier);
    assert_eq!(
        target("shop/gates/base"),
        ImportTarget::File("lib/shop/gates/base.rb".into())
    );
    assert_eq!(
        target("./base"),
        ImportTarget::File("lib/shop/gates/base.rb".into())
    );
    assert_eq!(target("../gone"), ImportTarget::Missing);
    assert_eq!(target("shop/gone"), ImportTarget::Unknown);
    assert_eq!(target("json"), ImportTarget::Package);
    let used: Vec<String> = code.used(acme).into_iter().map(|used| used.specifier).collect();
    assert_eq!(
        used,
        ["shop/gates/base", "./../helpers/log".trim_start_matches("./")]
    );
    // From the directory in which the program is started, and what may fail.
    assert_eq!(code.used("bin/run.rb"), []);
}

#[test]
fn a_class_that_makes_methods_or_includes_what_is_not_there_is_not_judged() {
    let files = files();
    let code = modules::Modules::new(&files, "");
    let open = |path: &str, name: &str| {
        let export = code.export_of(path, name).unwrap();
        code.may_have_more(path, &code.class(path, &export.local).unwrap())
    };
    assert!(!open("lib/shop/gates/acme.rb", "Acme"));
    assert!(open("more/lib/more.rb", "More") && open("more/lib/more.rb", "Made"));
    let acme = code.class("lib/shop/gates/acme.rb", "Shop::Gates::Acme").unwrap();
    assert_eq!(acme.extends.as_ref().unwrap().name, "Base");
    assert_eq!(acme.implements[0].name, "Helpers::Log");
    assert!(acme.fields.iter().any(|field| field.name == "back"));
    let key = acme.methods.iter().find(|method| method.name == "key").unwrap();
    assert_eq!(key.visibility, Visibility::Protected);
    assert_eq!(code.own_exports("more/lib/more.rb"), ["More", "Made"]);
    let extended = |text: &str| {
        class::all(&grammar::GRAMMAR.parse(text))
            .0
            .remove(0)
            .class
            .is_extended
    };
    assert!(extended("class A\n  extend Parts\nend\n"));
    assert!(extended(
        "module A\n  def self.included(base) = base.extend(Parts)\nend\n"
    ));
    assert!(!extended("class A\n  extend T::Sig\nend\n"));
}

fn methods(text: &str) -> Vec<Declared> {
    let tree = grammar::GRAMMAR.parse(text);
    class::all(&tree).0.remove(0).class.methods
}

#[test]
fn callers_of_the_contract_can_call_the_method_or_it_is_said_why_not() {
    let says = |own: &str, asked: &str| {
        let body = format!("class A\n  def x({own}); end\nend\nmodule B\n  def x({asked}); end\nend\n");
        let tree = grammar::GRAMMAR.parse(&body);
        let asked = &class::all(&tree).0[1].class.methods[0];
        let params = asked.params.iter().map(|param| crate::contract::Param {
            name: param.name.clone(),
            default: param.default.clone(),
            ..Default::default()
        });
        let method = Method {
            name: "x".into(),
            params: params.collect(),
            ..Method::default()
        };
        fit::mismatch(&methods(&body)[0], &method).map(|(_, why)| why)
    };
    for (own, asked) in [
        ("a, b = nil", "a, b = nil"),
        ("a, b = 1, c = 2", "a, b"),
        ("*all", "a, b:"),
        ("...", "a, b:, &c"),
        ("a, b:", "..."),
        ("a, options = {}", "a, b: 1"),
        ("a, b:, **rest", "a, b:, c: 2"),
        ("_a, &block", "a"),
        ("a, b: 1", "*a, **b"),
    ] {
        assert_eq!(says(own, asked), None, "{own} for {asked}");
    }
    for (own, asked, lost) in [
        ("a, b", "a", "needs `b`"),
        ("a", "a, b", "does not take `b`"),
        ("a, c: 1", "a, b: 1", "does not take `b:`"),
        ("a, b:", "a", "needs `b:`"),
        ("a, b", "a, b = 1", "needs `b`"),
    ] {
        let said = says(own, asked).unwrap_or_default();
        assert!(said.contains(lost), "{own} for {asked}: {said}");
    }
}

#[test]
fn stubs_go_where_callers_can_reach_them() {
    let contract = contract(&files());
    let style = Style {
        width: 50,
        ..Style::default()
    };
    let put = |text: &str, name: &str, body: &str| {
        let tree = grammar::GRAMMAR.parse(text);
        let class = class::all(&tree).0.pop().unwrap().class;
        let how = Stub {
            body,
            ..Stub::default()
        };
        let of = (contract.method(name).unwrap(), &how);
        let edit = Ruby
            .with_stub(text, &class, of, (&style, Indent::Spaces(2)))
            .unwrap();
        let after = apply_edits(text, &[edit]).unwrap();
        let errors = crate::tree::error_count(&grammar::GRAMMAR.parse(&after));
        assert_eq!(errors, 0, "{after}");
        after
    };
    assert_eq!(
        put("class A; end\n", "back", ""),
        "class A\n  def back(*parts)\n    raise NotImplementedError, \"`back` is not implemented\"\n  end\nend\n"
    );
    let acme = put(ACME, "pay", "1");
    assert!(
        acme.contains("      end\n\n      def pay(\n        amount,\n        currency = \"EUR\",\n"),
        "{acme}"
    );
    assert!(
        acme.contains("        &done\n      )\n        1\n      end\n\n      private\n"),
        "{acme}"
    );
    let acme = put(ACME, "key", "''");
    assert!(
        acme.ends_with("      def key\n        \"\"\n      end\n    end\n  end\nend\n"),
        "{acme}"
    );
    let crlf = put("class A\r\n  x\r\nend\r\n", "open?", "1");
    assert_eq!(
        crlf,
        "class A\r\n  x\r\n\r\n  def open?\r\n    1\r\n  end\r\nend\r\n"
    );
    let signed = |like: &str, text: &str| {
        let tree = grammar::GRAMMAR.parse(text);
        let asked = class::all(&tree).0.remove(0).class.methods.remove(0).asked("");
        let mut style = Style::default();
        Ruby.read_style(like, &mut style);
        Ruby.stub(&asked, &style, &Stub::default()).replace('\t', "")
    };
    let text = "class A\n  sig do\n    abstract\n      .params(\n        a: T::Array[\n          B\n        ],\n        c: D\n      )\n      .void\n  end\n  def self.x(a, c:); end\nend\n";
    let begin = "sig { override.params(a: T::Array[B], c: D).void }\ndef self.x(a, c:)\n";
    let stub = signed("sig { void }\n", text);
    assert!(stub.starts_with(begin), "{stub}");
    // Where nobody writes them, a class may not know the word.
    assert!(signed("x\n", text).starts_with("def self.x(a, c:)\n"));
    assert!(signed("sig do\n", "class A\n  def x; end\nend\n").starts_with("def x\n"));
    assert!(Ruby.does_only("def a(b)\n  raise  X\nend", "raise X"));
    assert!(!Ruby.does_only("def a(b)\n  log(b)\n  raise X\nend", "raise X"));
}

#[test]
fn statements_that_load_files_are_read_and_printed() {
    let text = "require 'a/b_c.rb'\nrequire_relative 'x/y'\nrequire_relative '../z'\nrequire \"#{x}/y\"\nload 'a.rb'\nmodule M\n  autoload :Acme, 'm/acme'\nend\n";
    let all = Ruby.read_imports(text);
    let said: Vec<(&str, &str)> = all
        .iter()
        .map(|import| (import.local(), import.module.as_str()))
        .collect();
    assert_eq!(
        said,
        [("BC", "a/b_c"), ("Y", "./x/y"), ("Z", "../z"), ("Acme", "m/acme")]
    );
    let lines: Vec<String> = all.iter().map(|import| Ruby.import_statement(import)).collect();
    assert_eq!(
        lines,
        [
            "require \"a/b_c\"",
            "require_relative \"x/y\"",
            "require_relative \"../z\"",
            "autoload :Acme, \"m/acme\""
        ]
    );
    assert!(Ruby.uses("X = BC::D\n", "BC") && Ruby.uses("use :BC\n", "BC"));
    assert!(!Ruby.uses("autoload :BC, 'b_c'\nBCD\n", "BC"));
}

fn with(source: &str, statement: &str) -> std::result::Result<String, String> {
    let import = Ruby.read_imports(statement).remove(0);
    let edits = Ruby.ensure_import(source, &import, &Style::default(), None);
    let edits = edits.map_err(|error| error.message().to_owned())?;
    Ok(apply_edits(source, &edits).unwrap())
}

#[test]
fn what_loads_a_file_goes_among_its_neighbours() {
    for (source, statement, wanted) in [
        (
            "# frozen_string_literal: true\n\n# Doc.\nclass A; end\n",
            "require 'x'",
            "# frozen_string_literal: true\n\nrequire \"x\"\n\n# Doc.\nclass A; end\n",
        ),
        (
            "# Doc.\nclass A; end\n",
            "require 'x'",
            "require \"x\"\n\n# Doc.\nclass A; end\n",
        ),
        (
            "require 'json'\n\nrequire 'shop/aa'\nrequire 'shop/zz'\n\nx\n",
            "require 'shop/bb'",
            "require 'json'\n\nrequire 'shop/aa'\nrequire 'shop/bb'\nrequire 'shop/zz'\n\nx\n",
        ),
        (
            "require 'json'\n",
            "require_relative 'a'",
            "require 'json'\n\nrequire_relative 'a'\n",
        ),
        (
            "require_relative 'a'\n",
            "require 'json'",
            "require 'json'\n\nrequire_relative 'a'\n",
        ),
        (
            "require 'b'\nrequire 'a'\n",
            "require 'aa'",
            "require 'b'\nrequire 'a'\nrequire 'aa'\n",
        ),
        ("require 'a.rb'\n", "require 'a'", "require 'a.rb'\n"),
        (
            "module M\n  autoload :A, 'm/a'\n  autoload :C, 'm/c'\nend\n",
            "autoload :B, 'm/b'",
            "module M\n  autoload :A, 'm/a'\n  autoload :B, 'm/b'\n  autoload :C, 'm/c'\nend\n",
        ),
    ] {
        let after = with(source, statement).unwrap();
        assert_eq!(after, wanted, "{statement}");
        let import = Ruby.read_imports(statement).remove(0);
        if after != source {
            let edits = Ruby.remove_import(&after, &import, &Style::default()).unwrap();
            assert_eq!(apply_edits(&after, &edits).unwrap(), source, "{statement}");
        }
    }
    assert!(with("x\n", "autoload :A, 'a'").unwrap_err().contains("autoload"));
    assert!(
        with("module M\n  autoload :A, 'b'\nend\n", "autoload :A, 'a'")
            .unwrap_err()
            .contains("from `b`")
    );
    assert!(with("x\n", "require './a'").unwrap_err().contains("no path"));
}

#[test]
fn a_rendered_file_keeps_the_order_in_which_it_loads_others() {
    let text = "require 'b'\nrequire 'a'\n\nclass A; end\n";
    assert_eq!(Ruby.organize(text, &Style::default()), (text.to_owned(), 0));
    assert!(Ruby.organize("class A\n", &Style::default()).1 > 0);
}

#[test]
fn files_are_known_by_their_names_and_paths() {
    assert_eq!(Lang::of_path("a/Gemfile"), Some(Lang(&Ruby)));
    assert_eq!(Lang::of_path("a/Gemfile.lock"), None);
    assert_eq!(
        Ruby.imported_as("kit/lib/shop/acme.rb").as_deref(),
        Some("shop/acme")
    );
    assert_eq!(Ruby.imported_as("config/acme.rb"), None);
    assert!(Ruby.is_aside("spec/a_spec.rb", "") && !Ruby.is_aside("lib/spec_of.rb", ""));
}

#[test]
fn code_that_is_cut_off_anywhere_or_hostile_does_no_harm() {
    let begin = std::time::Instant::now();
    let mut all: Vec<String> = (0..ACME.len())
        .step_by(7)
        .map(|at| ACME[..at].to_owned())
        .collect();
    let hostile = [
        "<<A\n",
        "%w(",
        "def ",
        "class A::",
        "when ",
        "end\n",
        "autoload :A, 'a'\n",
        "private def ",
    ];
    all.extend(hostile.map(|text| text.repeat(2_000)));
    let import = Ruby.read_imports("require 'x'").remove(0);
    for text in all {
        let tree = grammar::GRAMMAR.parse(&text);
        let known = class::all(&tree).0;
        assert!(known.iter().all(|it| it.class.body.start <= it.class.body.end));
        Ruby.read_imports(&text);
        let edits = Ruby.ensure_import(&text, &import, &Style::default(), None);
        assert!(
            edits.is_ok_and(|edits| apply_edits(&text, &edits).is_ok()),
            "{text}"
        );
    }
    assert!(begin.elapsed().as_secs() < 60);
}
