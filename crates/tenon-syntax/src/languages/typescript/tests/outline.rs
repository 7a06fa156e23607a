//! The outline of one file: every form of import, export and declaration, members with their signatures, broken and hostile code.

use crate::contract::{Accessor, Visibility};
use crate::languages::typescript::outline::{Exports, Outline, classes};
use crate::sources::ExportKind;

const SOURCE: &str = "\
@Marked()
export class TicketService extends Tickets.Service<A> implements OnInit, Store<B> {
  @Input() private readonly name: string = 'x';
  constructor(private readonly http: HttpService, @Inject(X) y?: Y, ...z: Z[]) { super(); }
  @Get(':id') async get<T>(id: string, n = 1): Promise<T> { return 1; }
  static make(): void {}
  get open(): boolean { return true; }
  #secret() {}
}
abstract class Base { abstract run(): void; protected stop(): void {} }
export default class extends Base {}
declare class Ambient { m(a: string): void; m(a: number): void; }
";

#[test]
fn classes_are_read_with_all_their_parts() {
    let classes = classes(SOURCE);
    let names: Vec<&str> = classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(names, ["TicketService", "Base", "", "Ambient"]);
    let first = &classes[0];
    assert_eq!(
        &SOURCE[first.name_span.start..first.name_span.end],
        "TicketService"
    );
    assert!(SOURCE[first.span.start..].starts_with("@Marked()"));
    assert_eq!(first.decorators, ["@Marked()"]);
    let base = first.extends.as_ref().unwrap();
    assert_eq!(
        (base.name.as_str(), base.args.as_deref()),
        ("Tickets.Service", Some("<A>"))
    );
    let implemented: Vec<&str> = first.implements.iter().map(|base| base.name.as_str()).collect();
    assert_eq!(implemented, ["OnInit", "Store"]);
    assert!(first.exported && !first.default && !first.is_abstract);
    let params = first.constructor.as_ref().unwrap();
    assert_eq!(params[0].field, Some((Visibility::Private, true)));
    assert_eq!(params[0].ty.as_deref(), Some("HttpService"));
    assert!(params[1].optional && params[2].rest);
    assert_eq!(params[1].decorators, ["@Inject(X)"]);
    let fields: Vec<&str> = first.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(fields, ["name", "http"]);
}

#[test]
fn methods_keep_their_signatures_as_written() {
    let classes = classes(SOURCE);
    let get = classes[0].method("get").unwrap();
    assert_eq!(get.generics.as_deref(), Some("<T>"));
    assert_eq!(get.returns.as_deref(), Some("Promise<T>"));
    assert_eq!(get.params[1].default.as_deref(), Some("1"));
    assert_eq!(get.decorators, ["@Get(':id')"]);
    assert!(SOURCE[get.span.start..].starts_with("@Get"));
    assert!(get.is_async && get.has_body);
    let names: Vec<&str> = classes[0]
        .methods
        .iter()
        .map(|method| method.name.as_str())
        .collect();
    assert_eq!(names, ["constructor", "get", "make", "open", "#secret"]);
    assert!(classes[0].method("make").is_none());
    assert_eq!(classes[0].methods[3].accessor, Some(Accessor::Get));
    assert_eq!(classes[0].methods[4].visibility, Visibility::Private);
    assert!(classes[1].methods[0].is_abstract && classes[1].is_abstract);
    assert!(classes[2].default);
    assert_eq!(classes[3].methods.len(), 2);
}

/// Name and what it stands for.
fn exports(text: &str, path: &str) -> Vec<(String, String)> {
    let outline = Outline::read(text, path);
    assert_eq!(outline.error, None, "{text}");
    let shown = |what: &Exports| match what {
        Exports::Local(name) => name.clone(),
        Exports::From(module, name) => format!("{name}@{module}"),
        Exports::Whole(module) => format!("*@{module}"),
        Exports::Path(path) => path.join("."),
    };
    let named = outline
        .exports
        .iter()
        .map(|one| (one.name.clone(), shown(&one.what)));
    let stars = outline
        .stars
        .iter()
        .map(|module| ("*".to_owned(), module.clone()));
    named.chain(stars).collect()
}

#[test]
fn every_form_of_export_is_read() {
    for (text, expected) in [
        ("export * from './a';", &[("*", "./a")][..]),
        ("export type * from './a';", &[("*", "./a")]),
        (
            "export * as A from './a' with { type: 'json' };",
            &[("A", "*@./a")],
        ),
        ("export type * as A from './a'", &[("A", "*@./a")]),
        (
            "export { A, type B as C, default as D } from './a'",
            &[("A", "A@./a"), ("C", "B@./a"), ("D", "default@./a")],
        ),
        (
            "import { A } from './a';\nexport { A as 'a b' };",
            &[("a b", "A")],
        ),
        ("class A {}\nexport = A;", &[("default", "A")]),
        ("export default class extends B {}", &[("default", "default")]),
        ("const a = 1;\nexport default a;", &[("default", "a")]),
        ("export default abstract class A {}", &[("default", "A")]),
        (
            "export const { a, b: [c] } = x, d = 1;",
            &[("a", "a"), ("c", "c"), ("d", "d")],
        ),
        (
            "import * as N from './n';\nexport import A = N.B.C;",
            &[("A", "N.B.C")],
        ),
        ("export namespace A.B { export class C {} }", &[("A", "A")]),
        (
            "export declare enum E { A }\nexport async function* f() {}",
            &[("E", "E"), ("f", "f")],
        ),
    ] {
        let expected: Vec<_> = expected
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        assert_eq!(exports(text, "a.ts"), expected, "{text}");
    }
}

#[test]
fn javascript_may_hold_jsx_and_need_not_be_a_module() {
    let text = "export const A = () => <b>{`c`}</b>;\n";
    assert_eq!(exports(text, "a.js"), [("A".to_owned(), "A".to_owned())]);
    assert_eq!(exports(text, "a.tsx"), [("A".to_owned(), "A".to_owned())]);
    let script = Outline::read(
        "with (a) { b = 010; }\nmodule.exports = require('./c');\nreturn;\n",
        "a.cjs",
    );
    assert_eq!(script.error, None);
    assert_eq!(script.used[0].specifier, "./c");
}

#[test]
fn decorators_stand_before_or_behind_export() {
    for text in [
        "/** Doc */\n@A() export class B {}",
        "/** Doc */\nexport @A() class B {}",
        "/** Doc */\n@A()\nexport default class B {}",
        "/** Doc */\n@A() class B {}\nexport { B };",
    ] {
        let outline = Outline::read(text, "a.ts");
        assert_eq!(outline.error, None, "{text}");
        let class = &outline.members("B").unwrap().class;
        assert_eq!(class.decorators, ["@A()"], "{text}");
        assert_eq!(class.span.start, "/** Doc */\n".len(), "{text}");
        assert_eq!(outline.declarations["B"].doc, ["Doc"], "{text}");
    }
}

#[test]
fn what_a_declared_namespace_holds_is_exported() {
    let outline = Outline::read(
        "declare namespace A { class B {} namespace C { interface D {} } }\nnamespace E { class F {} export class G {} }",
        "a.ts",
    );
    let names = |outline: &Outline| {
        outline
            .exports
            .iter()
            .map(|one| one.name.clone())
            .collect::<Vec<_>>()
    };
    let block = outline.block("A").unwrap();
    assert_eq!(names(block), ["B", "C"]);
    assert_eq!(names(block.block("C").unwrap()), ["D"]);
    assert_eq!(names(outline.block("E").unwrap()), ["G"]);
    assert_eq!(outline.declarations["E"].kind, ExportKind::Namespace);
}

#[test]
fn broken_code_says_where_and_does_not_end_the_program() {
    let outline = Outline::read("export const a = 1;\nexport class { m( { }\n", "a.ts");
    assert!(
        outline.error.is_some_and(|at| at.start >= 20),
        "{:?}",
        outline.error
    );
    for end in 0..SOURCE.len() {
        Outline::read(&SOURCE[..end], "a.ts");
    }
}

#[test]
fn code_that_is_too_deep_or_too_long_is_an_error() {
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("1 + ", "1", ""),
        ("- ", "1", ""),
        ("a.", "a", ""),
        ("a=>", "1", ""),
        ("a?b:", "c", ""),
        ("if(a)", "b", ""),
        ("if(a){}else ", "b", ""),
        ("{a:(", "1", ")}"),
        ("f(", "", ")"),
        ("function f(){", "", "}"),
        ("`${", "1", "}`"),
        ("a=", "1", ""),
        ("<a>", "", "</a>"),
        ("namespace A{", "", "}"),
    ] {
        // As deep as goes unchecked, and deeper than any stack.
        let most = 128 * 1024;
        for (levels, close) in [
            (most / (open.len() + close.len()), close),
            (most / open.len(), ""),
            (200_000, close),
        ] {
            let text = format!("{}{middle}{}", open.repeat(levels), close.repeat(levels));
            let outline = Outline::read(&text, if open == "<a>" { "a.tsx" } else { "a.ts" });
            assert!(levels < 200_000 || outline.error.is_some(), "{open}");
        }
    }
    assert!(Outline::read(&" ".repeat(5 << 20), "a.ts").error.is_some());
}
