//! What a package exports.

use super::Files;
use crate::Source;
use crate::languages::typescript::package::Package;
use crate::sources::{ExportKind, Sources};

fn names(package: &Package<'_>, path: &[&str]) -> Vec<String> {
    package
        .exports(path)
        .unwrap()
        .into_iter()
        .map(|export| export.name)
        .collect()
}

fn kinds(package: &Package<'_>, names: &[&str]) -> Vec<ExportKind> {
    names
        .iter()
        .map(|name| package.export(&[name]).unwrap().kind)
        .collect()
}

#[test]
fn every_form_of_export_is_read() {
    let files = Files::of(&[
        (
            "pkg/src/index.ts",
            "import { Far } from './far';\nimport * as Whole from './far';\nimport Def from './far';\n\
             /** All of it. */\nexport * as Space from './far';\nexport * from './star';\n\
             export { A as B, type C } from './far';\nexport { Far, Whole, Def };\nexport type { T } from './far';\n\
             /** A class. */\n@Mark()\nexport class Klass {}\nexport abstract class Base {}\nexport interface Face {}\n\
             export type Alias = string;\nexport const one = 1, two = 2;\nexport function run() {}\n\
             export declare function decl(): void;\nexport enum Color { Red }\nexport const enum Tone { Low }\n\
             export declare namespace Block { type Inner = string; }\nexport import Deep = Block.Inner;\n\
             export default class Main {}\n",
        ),
        (
            "pkg/src/far.ts",
            "export class Far {}\nexport class A {}\nexport type C = 1;\nexport type T = 2;\nexport default interface Plain {}\n",
        ),
        (
            "pkg/src/star/index.ts",
            "export class Starred {}\nexport default class Hidden {}\n",
        ),
    ]);
    let package = files.package();
    assert_eq!(
        names(&package, &[]),
        [
            "Space", "B", "C", "Far", "Whole", "Def", "T", "Klass", "Base", "Face", "Alias", "one", "two",
            "run", "decl", "Color", "Tone", "Block", "Deep", "default", "Starred"
        ]
    );
    use ExportKind::{AbstractClass, Class, Const, Enum, Function, Interface, Namespace, TypeAlias};
    assert_eq!(
        kinds(
            &package,
            &[
                "Space", "B", "C", "Far", "Whole", "Def", "T", "Starred", "Klass", "Base", "Face", "Alias"
            ]
        ),
        [
            Namespace,
            Class,
            TypeAlias,
            Class,
            Namespace,
            Interface,
            TypeAlias,
            Class,
            Class,
            AbstractClass,
            Interface,
            TypeAlias
        ]
    );
    assert_eq!(
        kinds(
            &package,
            &[
                "one", "two", "run", "decl", "Color", "Tone", "Block", "Deep", "default"
            ]
        ),
        [
            Const, Const, Function, Function, Enum, Enum, Namespace, TypeAlias, Class
        ]
    );
    let class = package.export(&["B"]).unwrap();
    assert_eq!(
        (class.file.as_str(), class.local.as_str()),
        ("pkg/src/far.ts", "A")
    );
    assert_eq!(package.export(&["Space"]).unwrap().doc, ["All of it."]);
    assert_eq!(package.export(&["Klass"]).unwrap().doc, ["A class."]);
    assert_eq!(names(&package, &["Block"]), ["Inner"]);
    // Each stands in its own file.
    for name in names(&package, &[]) {
        let of_entry = package.export(&[&name]).unwrap();
        let of_file = package.export_of("pkg/src/index.ts", &name).unwrap();
        for export in [of_entry, of_file] {
            let text = files.text(&export.file).unwrap();
            assert!(text.get(export.span.range()).is_some(), "{export:?}");
        }
    }
    assert_eq!(names(&package, &["Whole"]), ["Far", "A", "C", "T", "default"]);
}

#[test]
fn specifiers_resolve_as_compilers_resolve_them() {
    let files = Files::of(&[
        (
            "pkg/src/index.ts",
            "export { A } from './a.js';\nexport { B } from './dir';\nexport { C } from './types';\nexport { D } from '@/d';\n\
             export { E } from './dir/';\nexport { F } from './d';\nexport { G } from './view';\nexport { H } from '@acme/host';\n",
        ),
        ("pkg/src/a.ts", "export class A {}"),
        (
            "pkg/src/dir/index.ts",
            "export * from '..';\nexport class B {}\nexport { E } from '.';\nexport * from './e.mjs';\n",
        ),
        ("pkg/src/dir/e.mts", "export class E {}"),
        ("pkg/src/types.d.ts", "export declare class C {}\n"),
        (
            "pkg/src/d/index.d.ts",
            "declare class D {}\nexport { D };\nexport interface F {}\n",
        ),
        ("pkg/src/view.tsx", "export class G {}"),
    ]);
    let package = files.package();
    let found: Vec<String> = ["A", "B", "C", "D", "F", "G"]
        .iter()
        .map(|name| {
            package
                .export(&[name])
                .unwrap()
                .file
                .trim_start_matches("pkg/src/")
                .to_owned()
        })
        .collect();
    assert_eq!(
        found,
        [
            "a.ts",
            "dir/index.ts",
            "types.d.ts",
            "d/index.d.ts",
            "d/index.d.ts",
            "view.tsx"
        ]
    );
    // `E` and `H` are exported in circles only.
    assert!(package.export(&["H"]).is_err());
    assert!(package.export(&["E"]).is_err());
}

#[test]
fn cycles_end() {
    let files = Files::of(&[
        (
            "pkg/src/index.ts",
            "import * as Self from '.';\nexport { Self };\nexport * from './b';\nexport * from './index';\n",
        ),
        (
            "pkg/src/b.ts",
            "export * from './index';\nexport { gone } from './b';\nexport class Here {}\n",
        ),
    ]);
    let package = files.package();
    assert_eq!(names(&package, &[]), ["Self", "gone", "Here"]);
    assert_eq!(
        names(&package, &["Self", "Self", "Self"]),
        ["Self", "gone", "Here"]
    );
    assert_eq!(package.export(&["Self", "Here"]).unwrap().file, "pkg/src/b.ts");
    assert!(package.export(&["gone"]).is_err());
}

#[test]
fn files_are_read_only_when_needed_and_once() {
    let files = super::things("export interface ThingPort { all(): Things }");
    let package = files.package();
    package.exports(&[]).unwrap();
    assert_eq!(files.read("pkg/src/things/index.ts"), 0);
    package.contract(&["Things", "Port"]).unwrap();
    package.contract(&["Things", "Port"]).unwrap();
    assert_eq!(files.read("pkg/src/index.ts"), 1);
    assert_eq!(files.read("pkg/src/things/port.ts"), 1);
    assert_eq!(files.read("pkg/src/things/model.ts"), 0);
    assert_eq!(files.read("pkg/src/shared/page.ts"), 0);
}

#[test]
fn refusals_name_what_is_missing_and_what_there_is() {
    let files = super::things("export interface ThingPort {}");
    let package = files.package();
    let error = package.exports(&["Nothing"]).unwrap_err();
    assert_eq!(error.message(), "`Nothing` is not exported by `@acme/host`");
    assert_eq!(error.helps(), ["exported are `Things`, `Shared`"]);
    let error = package.exports(&["Things", "Port"]).unwrap_err();
    assert_eq!(
        error.message(),
        "`Things.Port` of `@acme/host` is not a namespace"
    );
    let error = package.contract(&["Things", "Model"]).unwrap_err();
    assert_eq!(error.message(), "`Things.Model` is a namespace, not a type");
    let error = package.contract(&["Things", "Model", "Things"]).unwrap_err();
    assert_eq!(
        error.message(),
        "`Things.Model.Things` is neither a class nor an interface"
    );
    let empty = Files::default();
    assert_eq!(
        empty.package().exports(&[]).unwrap_err().message(),
        "cannot read `pkg/src/index.ts`, the entry of `@acme/host`"
    );
}

#[test]
fn aliases_are_written_as_seen_from_outside() {
    let files = super::things("export interface ThingPort {}");
    let package = files.package();
    let alias = package.alias_of(&["Things", "Model", "Things"]).unwrap().unwrap();
    assert_eq!(alias.ty, "Shared.Paging.Page<Things.Model.Thing>");
    assert_eq!(alias.args, ["Things.Model.Thing"]);
    assert_eq!(package.alias_of(&["Things", "Model", "Thing"]).unwrap(), None);
    assert!(package.alias_of(&["Things", "Model", "None"]).is_err());
}

#[test]
fn text_that_is_no_typescript_does_no_harm() {
    let deep = format!(
        "export type Deep = {}string{};\n",
        "Array<".repeat(3000),
        ">".repeat(3000)
    );
    let files = Files::of(&[("pkg/src/index.ts", &deep), ("pkg/src/b.ts", "export {{{ from")]);
    assert!(files.package().alias_of(&["Deep"]).unwrap().is_some());
    let text = "export * as from; export { a as } from 'x' import = ; export default = 4 class {{{ export";
    for end in 0..text.len() {
        let files = Files::of(&[("pkg/src/index.ts", &text[..end])]);
        let _ = files.package().exports(&[]);
    }
}
