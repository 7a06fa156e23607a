//! Code that compilers of today take, and the parsers must take as well: what a grammar does not know yet would be a false finding.

use super::of_path;
use crate::tree::error_count;

/// Code by the extension of its file, each with what is new in it.
const CODE: &[(&str, &str, &str)] = &[
    (
        "go",
        "1.26: `new` of a value",
        "package a\n\nvar a, b, c = new(1), new(f.opt.Region), new(g(\"x\", h{1}))\n",
    ),
    (
        "go",
        "1.26: `new` of a value in `new`",
        "package a\n\nvar a = new(new(f(1 + 2)))\n",
    ),
    (
        "go",
        "`new` of types",
        "package a\n\nvar a, b, c, d, e, f = new([]int), new(map[string][]p.T), new(*p.T), new(struct{ a int }), new(p.G[int]), new(func(int) error)\n",
    ),
    (
        "go",
        "1.26: `new` of a literal",
        "package a\n\nvar a = new([]int{1, 2})\nvar b = new(map[string]int{\"x\": 1})\n",
    ),
    (
        "go",
        "1.23: a range over a function",
        "package a\n\nfunc f() {\n\tfor range 10 {\n\t}\n\tfor x := range g {\n\t\t_ = x\n\t}\n}\n",
    ),
    (
        "go",
        "1.24: a generic alias",
        "package a\n\ntype Set[T comparable] = map[T]struct{}\n",
    ),
    (
        "go",
        "1.26: a constraint that names itself",
        "package a\n\ntype Adder[A Adder[A]] interface {\n\tAdd(A) A\n}\n",
    ),
    (
        "py",
        "3.12: type parameters",
        "type Point[T] = tuple[T, T]\n\n\nclass A[T: int]:\n    def f[*Ts](self, *args: *Ts) -> None: ...\n",
    ),
    (
        "py",
        "3.12: quotes in an f-string",
        "a = f\"{b[\"c\"]!r:>{d}}\"\n",
    ),
    (
        "py",
        "3.13: a default of a type parameter",
        "class A[T = int]:\n    pass\n",
    ),
    (
        "py",
        "3.14: `except` without parentheses",
        "try:\n    pass\nexcept A, B:\n    pass\n",
    ),
    ("py", "3.14: a t-string", "a = t\"{b} c\"\n"),
    (
        "py",
        "3.11: `except*`",
        "try:\n    pass\nexcept* A as e:\n    pass\n",
    ),
    (
        "py",
        "3.10: `match`, and `with` in parentheses",
        "with (a as b, c as d):\n    match e:\n        case {\"f\": [1, *g], **h} if i:\n            pass\n        case J(k=1) | None:\n            pass\n",
    ),
    (
        "py",
        "3.15: `lazy` imports",
        "lazy import a\nlazy from b import c\n",
    ),
    (
        "py",
        "3.15: an unpacking comprehension",
        "a = [*b for b in c]\nd = {**e for e in f}\n",
    ),
    (
        "rs",
        "2024: a chain of `let`",
        "fn f() {\n    if let Some(a) = b && a > 1 && let Ok(c) = d {}\n}\n",
    ),
    ("rs", "1.82: `use<>`", "fn f<'a>() -> impl Sized + use<'a> {}\n"),
    (
        "rs",
        "1.82: `&raw`",
        "fn f() {\n    let _ = &raw const x;\n    g(&raw mut y.z);\n}\n",
    ),
    (
        "rs",
        "1.82: `unsafe extern`",
        "unsafe extern \"C\" {\n    pub fn h();\n}\n",
    ),
    (
        "rs",
        "1.82: `safe fn`",
        "unsafe extern \"C\" {\n    pub safe fn g();\n    unsafe fn h();\n}\n",
    ),
    (
        "rs",
        "1.85: an async closure",
        "fn f() {\n    g(async |x| x.await);\n}\nfn h<F: AsyncFn(i32) -> u8>(f: F) {}\n",
    ),
    (
        "rs",
        "a C string, `let else`, a label of a block",
        "fn f() {\n    let a = c\"x\";\n    let Some(b) = d else { return };\n    'e: { break 'e; }\n}\n",
    ),
    (
        "rs",
        "1.65: a generic associated type, `dyn*`-free",
        "trait A {\n    type B<'a>: C where Self: 'a;\n    const D: usize = const { 1 };\n}\n",
    ),
    (
        "rs",
        "1.88: a `cfg` of a word",
        "#[cfg(true)]\nfn f() {}\n#[unsafe(no_mangle)]\npub extern \"C\" fn g() {}\n",
    ),
    (
        "rs",
        "precise: trait upcasting and inferred const",
        "fn f() {\n    let a: [u8; _] = [0; 4];\n    let b = x as &dyn A;\n}\n",
    ),
    (
        "java",
        "21: patterns of records",
        "class A {\n    int f(Object o) {\n        return switch (o) {\n            case B(int x, C(var y)) when x > 1 -> x;\n            case null, default -> 0;\n        };\n    }\n}\n",
    ),
    (
        "java",
        "22: a name that is not used",
        "class A {\n    void f() {\n        try { g(); } catch (E _) { }\n        for (var _ : h) { }\n        if (o instanceof B(_, int x)) { }\n    }\n}\n",
    ),
    (
        "java",
        "25: an import of a module",
        "import module java.base;\n\nclass A {}\n",
    ),
    (
        "java",
        "25: a main method alone",
        "void main() {\n    IO.println(\"x\");\n}\n",
    ),
    (
        "java",
        "25: statements ahead of `super`",
        "class A extends B {\n    A(int x) {\n        if (x < 0) throw new E();\n        super(x);\n    }\n}\n",
    ),
    (
        "java",
        "17: sealed types, records, texts",
        "sealed interface A permits B, C {}\n\nrecord B(int x) implements A {\n    B {\n        x = 1;\n    }\n}\n\nnon-sealed class C implements A {\n    String s = \"\"\"\n        x \"y\"\n        \"\"\";\n}\n",
    ),
    (
        "rb",
        "3.4: `it`, arguments without names",
        "a.map { it + 1 }\ndef f(*, **, &) = g(*, **, &)\n",
    ),
    (
        "rb",
        "3.2: `Data`, a hash of names",
        "A = Data.define(:x) do\n  def y = { x:, z: }\nend\n",
    ),
    (
        "rb",
        "3.0: patterns",
        "case a\nin {b: Integer => c, **nil} if c > 1\n  1\nin [*, D[e:], *]\n  2\nend\nf => {g:}\nh in [i, *]\n",
    ),
    (
        "rb",
        "4.0: an operator at the beginning of a line",
        "a = b\n  && c\n  || d\n",
    ),
    (
        "ts",
        "5.2: `using`",
        "async function f() {\n  using a = b();\n  await using c = d();\n}\n",
    ),
    (
        "ts",
        "5.0: `accessor`",
        "export class A {\n  @b accessor c = 1;\n}\n",
    ),
    (
        "ts",
        "5.0: `const` of a type parameter",
        "export class A<const T extends readonly unknown[]> {}\n",
    ),
    ("ts", "4.7: variance", "export class A<in out U> {}\n"),
    (
        "ts",
        "`static` block, `declare`",
        "@a()\nexport class A {\n  static { this.d = 1; }\n  declare e: string;\n}\n",
    ),
    (
        "ts",
        "5.9: a deferred import, an export of types",
        "import defer * as a from 'a';\nimport b from './b.json' with { type: 'json' };\nexport type * as c from 'c';\n",
    ),
    (
        "ts",
        "4.9: `satisfies`, `asserts`, templates of types",
        "const a = { b: 1 } satisfies C;\nfunction d(e: unknown): asserts e is `x-${string}` {}\ntype F = typeof import('g', { with: { 'resolution-mode': 'import' } });\n",
    ),
    (
        "ts",
        "5.x: generics in `instanceof` and abstract constructors",
        "type A = abstract new (...args: any[]) => object;\nlet b = c<string>;\nenum D { e = `f`, g = 1 << 2 }\ndeclare module 'h' { export = i; }\n",
    ),
    (
        "js",
        "2025: regular expressions, private names, JSON",
        "class A { #b = 1; static async *c() { yield* d; } has(e) { return #b in e; } }\nconst f = /[\\p{L}--[a-z]]/v, g = h?.[i] ?? (j ||= 1_000n);\n",
    ),
];

#[test]
fn code_of_today_is_parsed() {
    let mut wrong = Vec::new();
    for (extension, what, code) in CODE {
        let language =
            of_path(&format!("a.{extension}")).unwrap_or_else(|| panic!("no language has .{extension}"));
        if error_count(&language.parse(code)) > 0 {
            wrong.push(format!("{extension}: {what}"));
        }
    }
    assert!(wrong.is_empty(), "not understood:\n{}", wrong.join("\n"));
}

#[test]
fn what_a_parser_does_not_know_stays_in_the_text_at_its_place() {
    let code = "package a\n\nvar a = new(f.opt.Region)\n\nfunc b() {}\n";
    let tree = of_path("a.go").expect("Go").parse(code);
    assert_eq!(tree.source(), code);
    let texts: Vec<String> = tree
        .root()
        .children()
        .map(|node| node.text().into_owned())
        .collect();
    assert!(
        texts.contains(&"var a = new(f.opt.Region)".to_owned()),
        "{texts:?}"
    );
    assert!(texts.contains(&"func b() {}".to_owned()), "{texts:?}");
    // What no language has is broken as before.
    assert!(
        error_count(
            &of_path("a.go")
                .expect("Go")
                .parse("package a\n\nvar a = new(1 +)\n")
        ) > 0
    );
    // A long text that breaks at its beginning is not given up before.
    let long = format!(
        "package a\n\nvar a = new(1)\n{}",
        "\nfunc b() { c(d, e) }\n".repeat(20_000)
    );
    assert_eq!(error_count(&of_path("a.go").expect("Go").parse(&long)), 0);
}
