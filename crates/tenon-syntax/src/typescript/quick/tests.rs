//! The trees of this parser beside those of tree-sitter.

use std::path::{Path, PathBuf};

use crate::flat::Entry;
use crate::tree::Grammar;

/// Code that is read here, a file each.
const TAKEN: &[&str] = &[
    // Imports and exports.
    "import a from 'a';\nimport * as b from \"b\"\nimport c, { d, type e, f as g, default as h } from './c';\nimport 'side';\n",
    "import type { A } from 'a';\nimport type B from 'b';\nimport type from 'c';\nimport x, * as y from 'd';\nimport q = A.B.C;\n",
    "export * from 'a';\nexport * as B from 'b';\nexport { c, d as e, type F } from 'c';\nexport type { G };\nexport { h }\n",
    "export import Request = A.B;\nexport default class A {}\n",
    "export default { a, b: 1 };\n",
    "export default function f() {}\n",
    "export = a;\n",
    "#!/usr/bin/env node\n// first\nimport a from 'a'; // behind\n/* last */\n",
    // Classes.
    "@Injectable()\nexport class A<T extends B = C> extends D.E<T> implements F, G.H<I> {\n    constructor(private readonly a: A, @Inject(B) public b?: B) { super(); }\n}\n",
    "abstract class A extends f(B) {\n    abstract a(): void;\n    protected abstract readonly b: string;\n    static c = 1;\n    d!: D;\n    e?: E\n    #f = 1;\n    [key: string]: any;\n    static { x(); }\n}\n",
    "class A {\n    get a(): A { return this; }\n    set a(b) {}\n    static async b() {}\n    *c() {}\n    private async d(): Promise<void> {}\n    override e() {}\n    @X() f: F;\n    @Y g() {};\n    h(): void;\n    h(a?: A): void {}\n    'i'() {}\n    [j.k]() {}\n    get = 1;\n    static;\n    declare l: L;\n}\n",
    "const a = class extends B {};\nconst b = class C<T> {};\n",
    "export declare abstract class A {\n    private constructor();\n    readonly a: A;\n    static b(c: C): D;\n}\n",
    // Interfaces and types.
    "interface A extends B, C.D<E> {\n    a: A;\n    b?(c: C): D;\n    readonly c?: string,\n    new (a: A): B;\n    (x: X): Y\n    [key: string]: Z;\n    get d(): D;\n    delete(): void;\n}\n",
    "type A<T> = { readonly [K in keyof T as B<K>]?: T[K] } & { -readonly [K in T]-?: K };\ntype B = `a.${A & string}`;\ntype C = | 'a' | 1 | -1 | true | null | undefined | void;\n",
    "type A = T extends (infer U)[] ? U : T extends B ? C : D;\ntype E = (a: A, ...b: B[]) => c is C;\ntype F = new () => A | B;\ntype G = abstract new (a: A) => B;\ntype H = <T>(a: T) => asserts a is A;\n",
    "type A = [a: A, b?: B, ...C[]];\ntype B = [A?, ...b: B[]];\ntype C = readonly string[];\ntype D = keyof typeof a.b;\ntype E = A.B.C.D<F>['g'][number];\ntype F = typeof import('a');\ntype G = import('a').B;\ntype H = (typeof X)[number];\n",
    "enum A { B, C = 1, 'D' = 2 }\nconst enum E {}\ndeclare enum F { G }\n",
    "declare module 'a' {\n    export function f(a: A): B;\n    const c: C\n}\ndeclare global {\n    interface Window { a: A }\n}\ndeclare namespace N {}\nnamespace M { export const a = 1; }\n",
    "declare const a: A, b: B;\ndeclare function f<T>(a: T): T\nfunction g(a: A): void;\nfunction g(a?: any) {}\nasync function h() {}\nfunction* i() {}\n",
    // Statements.
    "if (a) b(); else if (c) { d() } else e\nfor (let i = 0, j = 2; i < 1; i++) {}\nfor (;;) break;\n",
    "for (const a of b) continue;\nfor (const [a, { b: c = 1, ...d }] of e) {}\nfor (var a in b) {}\nfor await (const a of b) {}\n",
    "if (a as A.B.C) {}\nwhile (b as A.B.C) {}\nswitch (c as A.B.C) {}\n",
    "while (a) {}\ndo { a } while (b);\nswitch (a) { case 1: case 'b': c(); break; default: d() }\ntry { a } catch { b } finally { c }\ntry {} catch (e: unknown) { throw e; }\n",
    "var a = 1, b;\nlet c: C = d, [e, , f = 1, ...g] = h;\nconst { i, j = 2, k: l, 'm': { n }, ...o } = p;\nlet q!: Q;\n;\n{ r }\n",
    "const f = () => {\n    return\n}\n\nconst g = async <T,>(a: T) => a // said\nconst h = a => ({ a }) /* c */\nfunction i() { return a }",
    // Expressions.
    "a = b ? c : d ? e : f;\na.b['c']?.d?.[e]?.(f)!.g = h || i && j ?? k;\na ||= b; c >>>= d; e **= f;\na++, --b;\n",
    "x = a + b * c ** d ** e - f << g >> h >>> i < j == k <= l === m instanceof n == p != q === r !== s & t ^ u | v;\n",
    "!a; -b; +c; ~d; typeof e; void f; delete g.h; await i; !(await j()).k; - -l;\n",
    "f<T>(a); g<A, B.C<D>>(b, ...c); new H; new I<J>(k).l(); new (m())(n); a < b; (a < b) > c; await f<T>(x); !f<T>(x);\n",
    "a as B; a as const; a satisfies B as C; a + b as C; a as A.B.C; f(a as A.B.C[]); f(a as A.B.C, b); a! + b!; a || b!.c; await a as B;\n",
    "`a${b}c${`d${e}`}\\n$ {`; f`g`; /a[/]\\/b/gi.test(c); 'it\\'s \\u00e9 \\x41 \\u{1f600} ü'; \"\"; 0x1f; 1.5e-3; .5; 0b1; 0o7;\n",
    "({ a, b: c, [d]: e, 'f': g, 1: h, ...i, j() {}, async k() {}, get l() { return 1 }, set m(n) {}, async: 1, get: 2 });\n[, a, , ...b,];\n",
    "f(function () {}, async function g() {}, (a, { b }, [c], ...d) => e, (a?: A, b = 1): C => d, async () => {}, async a => b, async (a): Promise<A> => b);\n",
    "const a = b\n    .c()\n    // said\n    .d();\nconst e = import.meta.url, f = await import('g');\nsuper.a(); this.b\n",
    "type A = B\n// c\nconst d = 1 // e\nfunction f() {} // g\nclass H {} // i\nj() // k\n",
    "const a = 1;\r\nif (b) {\r\n    c(); // d\r\n}\r\n",
    "",
];

/// Code that is left to tree-sitter.
const LEFT: &[&str] = &[
    "const a = ;",
    "class A {",
    "f(a",
    "a: for (;;) {}",
    "<T>a;",
    "import a = require('a');",
    "const ...a = b;",
    "export\nconst a = 1;",
    "interface A { readonly\n a: B }",
    "const \\u0061 = 1;",
    "const é = 1;",
    "a <!-- b",
    "a\0",
    "with (a) {}",
    "01;",
    "1_000;",
    "x = 'a\nb';",
    "function f(a, b",
    "} a",
    "`a${b`",
    "({ a = 1 } = b);",
    "[a, b] = c;",
    "if (a) {} // c\n(b)();",
    "a ** b as C;",
    "while (a < b.c && a > -1) {}",
];

/// The first difference between both trees of `source`; nothing if there is none, or this parser gives up.
fn difference(source: &str) -> Option<String> {
    let quick = super::parse(source)?;
    let slow = Grammar::TypeScript.by_tree_sitter(source);
    let Ok(slow) = &slow else {
        return Some("tree-sitter gives up".to_owned());
    };
    let slow = slow.entries();
    if slow.first().is_some_and(|root| root.marks & Entry::BROKEN != 0) {
        return Some("tree-sitter finds an error".to_owned());
    }
    let at = (0..quick.len().max(slow.len())).find(|at| quick.get(*at) != slow.get(*at))?;
    let show = |entry: Option<&Entry>| {
        entry.map_or("nothing".to_owned(), |entry| {
            let kind = Grammar::TypeScript.kinds()[usize::from(entry.kind)].0;
            let text = source.get(entry.start as usize..entry.end as usize);
            format!("{kind} {text:?} {entry:?}")
        })
    };
    Some(format!(
        "node {at}\n  quick: {}\n  tree-sitter: {}",
        show(quick.get(at)),
        show(slow.get(at))
    ))
}

#[test]
fn the_grammar_has_all_kinds_and_fields() {
    // Words that are nodes with names of their own, and what is no word of the grammar at all.
    let words = [
        "unique",
        "false",
        "null",
        "super",
        "this",
        "true",
        "undefined",
        "end",
        "",
    ];
    assert_eq!(super::kinds::missing(), words);
}

#[test]
fn what_is_usual_is_read_as_by_tree_sitter() {
    for source in TAKEN {
        if !source.is_empty() {
            assert!(super::parse(source).is_some(), "given up:\n{source}");
        }
        assert_eq!(difference(source), None, "{source}");
    }
}

#[test]
fn what_is_rare_or_broken_is_left_to_tree_sitter() {
    for source in LEFT {
        assert!(super::parse(source).is_none(), "{source}");
    }
}

/// Every source is changed in many ways; the trees are the same or there is none. `TENON_SEED` makes other changes.
#[test]
fn changed_sources_are_read_as_by_tree_sitter() {
    const PIECES: &[&str] = &[
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        ";",
        ",",
        ":",
        "=",
        "=>",
        "?",
        ".",
        "!",
        "|",
        "&",
        "-",
        "/",
        "\n",
        " as ",
        " x ",
        "async ",
        "await ",
        "new ",
        "typeof ",
        "readonly ",
        "static ",
        "get ",
        "in ",
        "`",
        "'",
        "0",
        "// c\n",
        "/* c */",
        "export ",
        "type ",
        "extends ",
        " is ",
        "...",
        "@x ",
        "function ",
        "class ",
        "import ",
        "keyof ",
        "??",
        "++",
        "const ",
        "this",
    ];
    let seed = std::env::var("TENON_SEED").map(|seed| seed.parse().unwrap());
    let mut seed: u64 = seed.unwrap_or(1);
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let mut taken = 0;
    for source in TAKEN.iter().filter(|source| source.len() > 1) {
        let places: Vec<usize> = source.char_indices().map(|(at, _)| at).collect();
        for _ in 0..100 {
            let mut text = (*source).to_owned();
            let (at, other) = (places[random(places.len())], places[random(places.len())]);
            match random(3) {
                0 => drop(text.remove(at)),
                1 => text.insert_str(at, PIECES[random(PIECES.len())]),
                _ => text.insert_str(at, &source[at.min(other)..at.max(other)]),
            }
            taken += usize::from(super::parse(&text).is_some());
            assert_eq!(difference(&text), None, "{text}");
        }
    }
    assert!(taken > 500, "{taken}");
}

/// `TENON_SOURCES=DIR[:DIR…] cargo test --bin tenon quick::tests::sources -- --nocapture` compares the trees of all
/// sources below these directories, and says how many there are; otherwise those of this repository.
#[test]
fn sources_are_read_as_by_tree_sitter() {
    let here = env!("CARGO_MANIFEST_DIR");
    let own = ["editors/vscode/src", "starters", "templates", "docs", "packaging"];
    let dirs: Vec<PathBuf> = match std::env::var_os("TENON_SOURCES") {
        Some(dirs) => std::env::split_paths(&dirs).collect(),
        None => own.iter().map(|dir| Path::new(here).join(dir)).collect(),
    };
    let (mut taken, mut left, mut different) = (0, 0, Vec::new());
    for path in dirs.iter().flat_map(walkdir::WalkDir::new) {
        let path = path.unwrap().into_path();
        let is_code = Grammar::of_path(&path.to_string_lossy()) == Some(Grammar::TypeScript);
        if !is_code || !path.is_file() {
            continue;
        }
        let Ok(source) = std::fs::read_to_string(&path) else {
            continue;
        };
        match super::parse(&source) {
            Some(_) => taken += 1,
            None => left += 1,
        }
        different.extend(difference(&source).map(|said| format!("{}: {said}", path.display())));
    }
    println!(
        "{taken} read here, {left} left to tree-sitter, {} different",
        different.len()
    );
    assert!(different.is_empty(), "{}", different.join("\n"));
    assert!(taken > left, "{taken} {left}");
}
