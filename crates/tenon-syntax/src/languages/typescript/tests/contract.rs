//! Contracts and the types in them.

use super::{Files, shown, things};
use crate::contract::{Accessor, ContractKind, ImportKind, Visibility};

/// `name(params): returns` of each method.
fn signatures(files: &Files) -> Vec<String> {
    let contract = files.port();
    let methods = contract.methods.iter().map(|method| {
        let params: Vec<String> = method
            .params
            .iter()
            .map(|param| {
                let rest = if param.rest { "..." } else { "" };
                let mark = if param.optional { "?" } else { "" };
                format!(
                    "{rest}{}{mark}: {}",
                    param.name,
                    param.ty.as_deref().unwrap_or("-")
                )
            })
            .collect();
        let generics = method.generics.as_deref().unwrap_or_default();
        format!(
            "{}{generics}({}): {}",
            method.name,
            params.join(", "),
            method.returns.as_deref().unwrap_or("-")
        )
    });
    methods.collect()
}

#[test]
fn a_class_is_read_with_everything_it_asks_for() {
    let files = things(
        "/** What stores\n * things.\n */\n@Mark()\nexport abstract class ThingPort {\n\
         protected constructor(public readonly name: Thing, ...rest: unknown[]) {}\n\
         /** Finds one. */\n  abstract find(id: string, strict?: boolean): Stream<Thing | undefined>;\n\
         /**\n   * Lists.\n   *\n   * @returns all\n   */\n  protected abstract list(...ids: string[]): Promise<Things>;\n\
         count(limit = 10): number { return 1; }\n  static make(): void {}\n  abstract get size(): number;\n\
         abstract set size(value: number);\n  private secret(x: Hidden): void {}\n  #own() {}\n  abstract label?: string;\n}",
    );
    let port = files.port();
    assert_eq!(
        (port.name.as_str(), port.kind),
        ("ThingPort", ContractKind::AbstractClass)
    );
    assert_eq!(port.doc, ["What stores", "things."]);
    assert_eq!(port.file, "pkg/src/things/port.ts");
    assert_eq!(
        signatures(&files),
        [
            "find(id: string, strict?: boolean): Stream<Things.Model.Thing | undefined>",
            "list(...ids: string[]): Promise<Things.Model.Things>",
            "count(limit: -): number",
            "make(): void",
            "size(): number",
            "size(value: number): -",
        ]
    );
    let required: Vec<&str> = port.required().map(|method| method.name.as_str()).collect();
    assert_eq!(required, ["find", "list", "size", "size"]);
    assert_eq!(port.methods[1].visibility, Visibility::Protected);
    assert_eq!(port.methods[1].doc, ["Lists.", "", "@returns all"]);
    assert!(port.methods[1].is_async && port.methods[3].is_static);
    assert_eq!(port.methods[2].params[0].default.as_deref(), Some("10"));
    assert_eq!(
        (port.methods[4].accessor, port.methods[5].accessor),
        (Some(Accessor::Get), Some(Accessor::Set))
    );
    assert_eq!(
        shown(&port.methods[0].imports),
        ["Stream@streams", "Things@@acme/host"]
    );
    let constructor = port.constructor.unwrap();
    assert_eq!(constructor[0].ty.as_deref(), Some("Things.Model.Thing"));
    assert!(constructor[1].rest);
    assert_eq!(shown(&port.constructor_imports), ["Things@@acme/host"]);
    assert!(port.properties[0].optional && !port.properties[0].required);
}

#[test]
fn interfaces_and_their_bases_are_read_as_one() {
    let files = things(
        "interface Reader<T, U = T> { read(id: string): T; both(x: U): T | U; close?(): void; over(a: T): void }\n\
         export interface ThingPort extends Reader<Thing>, Partial<Thing> { over(a: Thing): void; write(x: Thing): void; on: (x: Thing) => void }",
    );
    assert_eq!(
        signatures(&files),
        [
            "over(a: Things.Model.Thing): void",
            "write(x: Things.Model.Thing): void",
            "read(id: string): Things.Model.Thing",
            "both(x: Things.Model.Thing): Things.Model.Thing | Things.Model.Thing",
            "close(): void",
        ]
    );
    let port = files.port();
    assert_eq!(port.unread_bases, ["Partial"]);
    assert!(!port.method("close").unwrap().required);
    assert_eq!(
        port.properties[0].ty.as_deref(),
        Some("(x: Things.Model.Thing) => void")
    );
}

#[test]
fn abstract_members_of_base_classes_are_inherited_unless_overridden() {
    let files = Files::of(&[
        ("pkg/src/index.ts", "export * as Things from './things';"),
        (
            "pkg/src/things.ts",
            "import * as Bases from './base';\nexport class Port extends Bases.Middle<string> { done(): void {} }\n",
        ),
        (
            "pkg/src/base.ts",
            "import { Log } from 'logs';\nabstract class Root<K> { constructor(log: Log) {}\n abstract done(): void;\n abstract key(k: K[]): K; }\n\
             export abstract class Middle<T> extends Root<T | number> { abstract open(): T; }\n",
        ),
    ]);
    assert_eq!(
        signatures(&files),
        [
            "done(): void",
            "open(): string",
            "key(k: (string | number)[]): string | number"
        ]
    );
    let port = files.port();
    let required: Vec<&str> = port.required().map(|method| method.name.as_str()).collect();
    assert_eq!(required, ["open", "key"]);
    assert_eq!(port.methods[2].file, "pkg/src/base.ts");
    assert_eq!(shown(&port.constructor_imports), ["Log@logs"]);
}

#[test]
fn names_resolve_through_every_kind_of_import() {
    let files = Files::of(&[
        (
            "pkg/src/index.ts",
            "export * as Things from './things';\nexport * as Other from './other';\nexport * as Shared from './shared';\nexport class Top {}\n",
        ),
        (
            "pkg/src/things/index.ts",
            "export * as Model from './model';\nexport * from './port';\nexport { Cat as Dog } from '../animals';\n",
        ),
        (
            "pkg/src/things/model.ts",
            "export class Thing {}\nexport namespace Inner { export type Leaf = string; }\nexport enum Color { Red }\n",
        ),
        (
            "pkg/src/things/port.ts",
            "import * as Self from '.';\nimport * as Siblings from '../other';\nimport { Other as Foreign, Top } from '@acme/host';\n\
             import { Thing as Renamed, Inner, Color } from './model';\nimport { Cat } from '../animals';\nimport Def, { type Opt as O } from 'ext/lib';\n\
             import type * as All from 'all';\nimport { Both } from '@/both';\n\
             import Leaf = Inner.Leaf;\n\
             export interface Port<P> {\n own(a: Self.Model.Thing, b: Renamed): Self.Dog;\n other(a: Siblings.Item, b: Foreign.Item): Top;\n\
             inner(a: Inner.Leaf, b: Leaf, c: Color.Red): Cat;\n ext(a: Def, b: O, c: All.Of): Promise<Map<string, P>>;\n far(a: Both): typeof Self.Model;\n\
             bound<T extends Renamed = Renamed, K extends keyof T = keyof T>(a: T, k: K): { [I in K]: T[I] };\n\
             more(a: import('../other').Item, b: Array<import('./model').Thing>, c: import('ext').X): (x: Renamed) => x is Renamed;\n }\n",
        ),
        ("pkg/src/other.ts", "export class Item {}\n"),
        ("pkg/src/animals.ts", "export class Cat {}\n"),
        ("pkg/src/shared.ts", "export { Both } from './both';\n"),
        ("pkg/src/both.ts", "export class Both {}\n"),
    ]);
    assert_eq!(
        signatures(&files),
        [
            "own(a: Things.Model.Thing, b: Things.Model.Thing): Things.Dog",
            "other(a: Other.Item, b: Other.Item): Top",
            "inner(a: Things.Model.Inner.Leaf, b: Things.Model.Inner.Leaf, c: Things.Model.Color.Red): Things.Dog",
            "ext(a: Def, b: Opt, c: All.Of): Promise<Map<string, P>>",
            "far(a: Shared.Both): typeof Things.Model",
            "bound<T extends Things.Model.Thing = Things.Model.Thing, K extends keyof T = keyof T>(a: T, k: K): { [I in K]: T[I] }",
            "more(a: Other.Item, b: Array<Things.Model.Thing>, c: import('ext').X): (x: Things.Model.Thing) => x is Things.Model.Thing",
        ]
    );
    let port = files.port();
    assert_eq!(port.generics.as_deref(), Some("<P>"));
    let imports = &port.methods[3].imports;
    let kinds: Vec<(ImportKind, bool)> = imports
        .iter()
        .map(|import| (import.kind, import.type_only))
        .collect();
    assert_eq!(
        kinds,
        [
            (ImportKind::Default, false),
            (ImportKind::Named, true),
            (ImportKind::Namespace, true)
        ]
    );
}

#[test]
fn types_that_are_not_public_are_written_out_or_reached_through_the_method() {
    let files = things(
        "type Key = string | number;\ntype Pair<A, B = Key> = [A, B];\ntype Loop = { next: Loop };\ninterface Secret { x: 1 }\n\
         export interface ThingPort {\n keys(a: Key, b: Key[], c: Pair<Thing>): Pair<Key, boolean>;\n\
         loop(a: Loop, b: Secret, ...c: Secret[]): Secret;\n opt?(a: Secret): void\n}",
    );
    assert_eq!(
        signatures(&files),
        [
            "keys(a: string | number, b: (string | number)[], c: [Things.Model.Thing, string | number]): [string | number, boolean]",
            "loop(a: Parameters<Things.Port['loop']>[0], b: Parameters<Things.Port['loop']>[1], \
             ...c: Parameters<Things.Port['loop']>[2][]): ReturnType<Things.Port['loop']>",
            "opt(a: Parameters<NonNullable<Things.Port['opt']>>[0]): void",
        ]
    );
    assert_eq!(shown(&files.port().methods[1].imports), ["Things@@acme/host"]);
    for port in [
        "interface Secret {}\nexport abstract class ThingPort { protected abstract a(x: Secret): void }",
        "interface Secret {}\nexport interface ThingPort { a<T>(x: Secret, y: T): void }",
    ] {
        let error = things(port).package().contract(&["Things", "Port"]).unwrap_err();
        assert_eq!(
            error.message(),
            "the type `Secret`, which `Things.Port` needs, is not exported"
        );
        assert_eq!(error.location().unwrap().path, "pkg/src/things/port.ts");
    }
}

#[test]
fn imports_of_one_name_get_names_of_their_own() {
    let files = Files::of(&[
        (
            "pkg/src/index.ts",
            "export * as Things from './things';\nexport * as Cache from './cache';\n",
        ),
        (
            "pkg/src/things.ts",
            "import { Item } from 'left';\nimport { Item as Right } from 'right/items';\nimport * as C from './cache';\n\
             export interface Port { a(x: Item, y: Right): void; b(x: C.Entry, y: Cache): void }\n",
        ),
        ("pkg/src/cache.ts", "export class Entry {}\n"),
    ]);
    assert_eq!(
        signatures(&files),
        [
            "a(x: Item, y: Right): void",
            "b(x: HostCache.Entry, y: Cache): void"
        ]
    );
    let port = files.port();
    assert_eq!(port.methods[0].imports[1].alias.as_deref(), Some("Right"));
    assert_eq!(port.methods[1].imports[0].alias.as_deref(), Some("HostCache"));
    let port = files
        .package()
        .contract_with(&["Things", "Port"], &["Item"])
        .unwrap();
    assert_eq!(
        shown(&port.methods[0].imports),
        ["LeftItem@left", "Right@right/items"]
    );
}

#[test]
fn overloads_are_kept_together() {
    let files = things(
        "export abstract class ThingPort {\n /** Either. */\n abstract get(id: string): Thing;\n abstract get(ids: string[], all: true): Things;\n\
         both(a: 1): void;\n both(a: 2): void;\n both(a: number): void {}\n}",
    );
    let port = files.port();
    assert_eq!(port.methods.len(), 2);
    let returns: Vec<&str> = port.methods[0]
        .overloads
        .iter()
        .filter_map(|one| one.returns.as_deref())
        .collect();
    assert_eq!(returns, ["Things.Model.Thing", "Things.Model.Things"]);
    assert_eq!(port.methods[0].doc, ["Either."]);
    assert!(port.methods[0].required && !port.methods[1].required);
    assert_eq!(port.methods[1].overloads.len(), 2);
}

#[test]
fn models_are_the_types_of_the_own_namespace_in_a_result() {
    let files = things(
        "import { Page } from '@/shared/page';\nexport interface ThingPort {\n a(): Stream<Thing | undefined>;\n\
         b<T>(): Stream<Things | Thing[]>;\n c(): Page<string>;\n}",
    );
    let port = files.port();
    let models = |at: usize| -> Vec<&str> {
        port.methods[at]
            .models
            .iter()
            .map(|model| model.ty.as_str())
            .collect()
    };
    assert_eq!(models(0), ["Things.Model.Thing"]);
    assert_eq!(models(1), ["Things.Model.Things", "Things.Model.Thing"]);
    assert!(models(2).is_empty());
    assert_eq!(port.methods[0].models[0].name, "Thing");
    let files = Files::of(&[
        ("pkg/src/index.ts", "export * as Things from './things';"),
        (
            "pkg/src/things.ts",
            "export class Hits<T> {}\nexport interface Port { find<T = string>(): Promise<Hits<T>> }",
        ),
    ]);
    let model = &files.port().methods[0].models[0];
    assert_eq!(
        (model.ty.as_str(), model.generics.as_deref()),
        ("Things.Hits<T>", Some("<T = string>"))
    );
}

#[test]
fn published_declarations_give_the_same_contract() {
    let files = Files::of(&[
        ("pkg/src/index.ts", "export { Port } from './out';\n"),
        (
            "pkg/src/out/index.d.ts",
            "import { Stream } from 'streams';\nexport declare class Item {\n    id: string;\n}\nexport declare abstract class Port {\n\
             protected constructor(..._x: unknown[]);\n    abstract get(id: string): Stream<import(\"..\").Port>;\n    concrete(): void;\n    get size(): number;\n}\n\
             //# sourceMappingURL=x",
        ),
    ]);
    let port = files.package().contract(&["Port"]).unwrap();
    assert_eq!(port.methods[0].returns.as_deref(), Some("Stream<Port>"));
    let required: Vec<&str> = port.required().map(|method| method.name.as_str()).collect();
    assert_eq!(required, ["get"]);
    assert!(port.constructor.unwrap()[0].rest);
}

#[test]
fn a_syntax_error_in_a_contract_is_refused_with_its_place() {
    let files =
        things("export abstract class ThingPort {\n  abstract a(x: ): void;\n  ok() { const = ; }\n}");
    let error = files.package().contract(&["Things", "Port"]).unwrap_err();
    assert_eq!(error.message(), "`Things.Port` cannot be read: syntax error");
    assert_eq!(error.location().unwrap().line, Some(4));
}

#[test]
fn hostile_types_end() {
    let mut text = String::from("type A0 = string;\n");
    for at in 1..60 {
        text.push_str(&format!("type A{at} = [A{0}, A{0}];\n", at - 1));
    }
    text.push_str(
        "interface Left extends Left, Right, Left {}\ninterface Right extends Left, Right, Left {}\n",
    );
    text.push_str("export interface ThingPort extends Left, Right { a(x: A59): void }");
    let port = things(&text).port();
    assert_eq!(
        port.methods[0].params[0].ty.as_deref(),
        Some("Parameters<Things.Port['a']>[0]")
    );
    let deep = format!(
        "export interface ThingPort {{ a(x: {}Thing{}): void }}",
        "Array<".repeat(2000),
        ">".repeat(2000)
    );
    let port = things(&deep).port();
    assert!(
        port.methods[0].params[0]
            .ty
            .as_deref()
            .is_some_and(|ty| ty.contains("<Things.Model.Thing>"))
    );
    crate::languages::typescript::print::stub(&port.methods[0], &Default::default(), &Default::default());
}

#[test]
fn stars_in_circles_end() {
    let mut files = vec![(
        "pkg/src/index.ts".to_owned(),
        "export * from './f0';\nexport * as Things from './f0';".to_owned(),
    )];
    for at in 0..40 {
        let next = (at + 1) % 40;
        let far = (at + 7) % 40;
        files.push((
            format!("pkg/src/f{at}.ts"),
            format!("export * from './f{next}';\nexport * from './f{far}';\nexport * from './index';"),
        ));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let files = Files::of(&files);
    assert!(files.package().contract(&["Things", "Port"]).is_err());
}
