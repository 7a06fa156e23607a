//! Stubs, laid out as the formatter does it. The expected texts are that formatter's output.

use super::things;
use crate::languages::typescript::print::{call_arguments, stub};
use crate::stub::Stub;
use crate::style::Style;

fn wide() -> Style {
    Style {
        indent: "    ".to_owned(),
        tab_width: 4,
        width: 100,
        quote: '\'',
        ..Style::default()
    }
}

/// The stubs of an interface with these members.
fn stubs(members: &str, style: &Style, options: &Stub<'_>) -> String {
    let files = things(&format!("export abstract class ThingPort {{\n{members}\n}}"));
    let port = files.port();
    port.methods
        .iter()
        .map(|method| stub(method, style, options) + "\n")
        .collect()
}

#[test]
fn a_head_breaks_where_it_must() {
    let members = "abstract short(a: string): void;\n\
        abstract as_wide_as_the_line______________(first: string, second: number, third_one: boolean): void;\n\
        abstract as_wide_as_the_line______________1(first: string, second: number, third_one: boolean): void;\n\
        abstract result(): Promise<Map<string, Stream<Thing | undefined> | Stream<Things | undefined> | null>>;\n\
        abstract union(a: Stream<Thing> | Stream<Things> | Promise<Thing> | Promise<Things> | undefined | null): void;\n\
        abstract object(options: { first: string; second?: Thing; third: Things; fourth: Stream<Thing>; fifth: 5 }): void;\n\
        abstract generic<First extends Stream<Thing>, Second extends Stream<Things> = Stream<Things>>(a: First): Second;";
    let expected = "    short(_a: string): void {}
    as_wide_as_the_line______________(_first: string, _second: number, _third_one: boolean): void {}
    as_wide_as_the_line______________1(
        _first: string,
        _second: number,
        _third_one: boolean,
    ): void {}
    result(): Promise<
        Map<
            string,
            Stream<Things.Model.Thing | undefined> | Stream<Things.Model.Things | undefined> | null
        >
    > {}
    union(
        _a:
            | Stream<Things.Model.Thing>
            | Stream<Things.Model.Things>
            | Promise<Things.Model.Thing>
            | Promise<Things.Model.Things>
            | undefined
            | null,
    ): void {}
    object(_options: {
        first: string;
        second?: Things.Model.Thing;
        third: Things.Model.Things;
        fourth: Stream<Things.Model.Thing>;
        fifth: 5;
    }): void {}
    generic<
        First extends Stream<Things.Model.Thing>,
        Second extends Stream<Things.Model.Things> = Stream<Things.Model.Things>,
    >(_a: First): Second {}
";
    assert_eq!(stubs(members, &wide(), &Stub::default()), expected);
}

#[test]
fn parameters_that_the_body_uses_keep_their_names() {
    let body = "if (!id) {\n  return undefined;\n}\n\nreturn await load({ strict });";
    let members =
        "abstract find(id: string, strict?: boolean, more?: string, _own?: string): Promise<Thing>;";
    let expected = "  async find(
    id: string,
    strict?: boolean,
    _more?: string,
    _own?: string,
  ): Promise<Things.Model.Thing> {
    if (!id) {
      return undefined;
    }

    return await load({ strict });
  }
";
    assert_eq!(
        stubs(
            members,
            &Style::default(),
            &Stub {
                body,
                ..Stub::default()
            }
        ),
        expected
    );
    let plain = Stub {
        unused_prefix: "",
        depth: 0,
        ..Stub::default()
    };
    assert_eq!(
        stubs("abstract a(x: 1): void;", &Style::default(), &plain),
        "a(x: 1): void {}\n"
    );
}

#[test]
fn modifiers_accessors_and_defaults_are_kept() {
    let members = "protected abstract a(x: string): void;\nstatic b(x = 1, y: string = 'a', z = LATER): void {}\n\
        abstract get c(): Thing;\nabstract set c(value: Thing);\nabstract 'd-e'(...rest: string[]): void;\n\
        abstract [Symbol.iterator](): Iterator<Thing>;";
    let expected = "    protected a(_x: string): void {}
    static b(_x = 1, _y: string = 'a', _z?): void {}
    get c(): Things.Model.Thing {}
    set c(_value: Things.Model.Thing) {}
    'd-e'(..._rest: string[]): void {}
    [Symbol.iterator](): Iterator<Things.Model.Thing> {}
";
    assert_eq!(stubs(members, &wide(), &Stub::default()), expected);
}

#[test]
fn overloads_stand_above_one_implementation() {
    let members = "abstract get(id: string): Thing;\nabstract get(ids: string[], all: boolean): Things;\n\
        abstract map<T>(x: T): T;\nabstract map<T, U>(x: T, ...y: U[]): U;";
    let expected = "  get(id: string): Things.Model.Thing;
  get(ids: string[], all: boolean): Things.Model.Things;
  get(
    _id: string | string[],
    _all?: boolean,
  ): Things.Model.Thing | Things.Model.Things {}
  map<T>(x: T): T;
  map<T, U>(x: T, ...y: U[]): U;
  map(_x: unknown, ..._y: unknown[]): unknown {}
";
    assert_eq!(stubs(members, &Style::default(), &Stub::default()), expected);
}

#[test]
fn documentation_is_one_line_or_a_block() {
    let members = "/** One. */\nabstract a(): void;\n/**\n * Two\n *\n *   lines.\n */\nabstract b(): void;\nabstract c(): void;";
    let expected = "  /** One. */
  a(): void {}
  /**
   * Two
   *
   *   lines.
   */
  b(): void {}
  c(): void {}
";
    assert_eq!(
        stubs(
            members,
            &Style::default(),
            &Stub {
                doc: true,
                ..Stub::default()
            }
        ),
        expected
    );
}

#[test]
fn a_style_decides_quotes_commas_tabs_and_semicolons() {
    let style = Style {
        indent: "\t".to_owned(),
        tab_width: 4,
        width: 40,
        semicolons: false,
        ..Style::default()
    };
    let members = "abstract first(mode: 'one' | \"two\" | 'th\"ree', at: {a: 1, b: 2}): [string, number, boolean, Thing];";
    let expected = "\tfirst(
\t\t_mode: \"one\" | \"two\" | 'th\"ree',
\t\t_at: { a: 1; b: 2 },
\t): [
\t\tstring,
\t\tnumber,
\t\tboolean,
\t\tThings.Model.Thing,
\t] {}
";
    assert_eq!(stubs(members, &style, &Stub::default()), expected);
}

#[test]
fn arguments_pass_all_parameters_on() {
    let files =
        things("export interface ThingPort { a(this: Thing, x: string, y?: number, ...z: string[]): void }");
    assert_eq!(call_arguments(&files.port().methods[0]), "x, y, ...z");
}

#[test]
fn types_keep_needed_parentheses_and_lose_others() {
    let members = "abstract a(x: (string | number)[], y: ((string)), z: (() => void) | null, w: (keyof Thing)[]): (string | number);\n\
        abstract b(x: (typeof globalThis)['x'], y: readonly (string)[], z: (new () => Thing)[]): (Thing & { a: 1 })['id'];";
    let expected = "    a(
        _x: (string | number)[],
        _y: string,
        _z: (() => void) | null,
        _w: (keyof Things.Model.Thing)[],
    ): string | number {}
    b(
        _x: (typeof globalThis)['x'],
        _y: readonly string[],
        _z: (new () => Things.Model.Thing)[],
    ): (Things.Model.Thing & { a: 1 })['id'] {}
";
    assert_eq!(stubs(members, &wide(), &Stub::default()), expected);
}
