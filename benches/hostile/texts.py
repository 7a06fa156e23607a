"""Texts that no person writes: for each kind of thing that a file can have very many of, one that has `n`.

Knows the notations of languages and formats, nothing of hosts or of the program. `TEXTS[extension][kind](n)` is what is put behind a sound file, or in
front of it if it begins with what has to stand there. A manifest is a value, to which a key is added.
"""


def lines(unit):
    """`unit` n times, `I` in it being the number of the one, `J` that of the one before."""
    return lambda n: "".join(unit.replace("J", str(i - 1)).replace("I", str(i)) for i in range(1, n + 1))


def within(before, unit, after):
    return lambda n: before + lines(unit)(n) + after


def nested(before, opens, middle, closes, after):
    return lambda n: before + opens * n + middle + closes * n + after


def indented(opens, middle):
    """Blocks by indentation, each inside the one before; as deep as comes to n lines."""
    return lambda n: "".join(" " * i + opens for i in range(n)) + " " * n + middle


TYPESCRIPT = {
    "lines": lines("// line I\n"),
    "blank": lines("\n"),
    "functions": lines("export function fnI(a: number): number { return a + I; }\n"),
    "methods": within("export class Big {\n", "    methodI(a: string): string { return a; }\n", "}\n"),
    "classes": lines("export class ClassI extends ClassJ { run() {} }\n"),
    "imports": lines("import { nameI } from './moduleI';\n"),
    "names": within("import {\n", "    nameI,\n", "} from './modules';\n"),
    "reexports": lines("export * as SpaceI from './spaceI';\n"),
    "stars": lines("export * from './starI';\n"),
    "reexported": within("export {\n", "    nameI,\n", "} from './modules';\n"),
    "aliases": lines("export import aliasI = aliasJ.a;\n"),
    "keys": within("export const keys = {\n", "    keyI: { name: 'I', value: I },\n", "};\n"),
    "items": within("export const items = [\n", "    ItemI,\n", "];\n"),
    "chain": lines("const passedI = passedJ;\n"),
    "types": lines("export type TypeI = TypeJ | 'I';\n"),
    "union": within("export type Union =\n", "    | 'I'\n", ";\n"),
    "fields": within("export interface Fields {\n", "    fieldI?: string;\n", "}\n"),
    "enum": within("export enum Enum {\n", "    MemberI,\n", "}\n"),
    "calls": lines("register(itemI, 'I');\n"),
    "decorators": within("", "@Decorated(I)\n", "export class Decorated {}\n"),
    "brackets": nested("export const deep = ", "[", "1", "]", ";\n"),
    "objects": nested("export const deep = ", "{a:", "1", "}", ";\n"),
    "blocks": nested("", "{", "", "}", "\n"),
    "arrows": nested("export const deep = ", "()=>", "1", "", ";\n"),
    "sum": within("export const sum = 0", " + I", ";\n"),
    "calls-in-calls": nested("export const deep = ", "f(", "1", ")", ";\n"),
    "chained-calls": within("export const chained = a", ".b(I)", ";\n"),
    "spaces": within("", "namespace SpaceI { export const a = I; }\n", ""),
    "templates": lines("const textI = `a${I}b`;\n"),
    "strings": lines("const stringI = 'I \\' I';\n"),
    "open-brackets": lines("["),
    "open-braces": lines("{ "),
    "open-calls": lines("f("),
    "open-generics": lines("a<"),
    "open-strings": lines("'\n"),
    "open-templates": lines("`${"),
    "closing": lines("]"),
    "commas": lines(","),
    "words": lines("wordI "),
    "one-line": lines("/* I */"),
}

GO = {
    "lines": lines("// line I\n"),
    "blank": lines("\n"),
    "functions": lines("func fnI(a int) int { return a + I }\n"),
    "methods": lines("func (b *Big) MethodI(a string) string { return a }\n"),
    "types": lines("type TypeI struct{ a int }\n"),
    "embedded": lines("type EmbeddedI struct{ EmbeddedJ }\n"),
    "imports": lines('import "example.com/moduleI"\n'),
    "grouped": within("import (\n", '\t"example.com/moduleI"\n', ")\n"),
    "constants": within("const (\n", "\tConstantI = I\n", ")\n"),
    "variables": within("var (\n", "\tvariableI = f(variableJ)\n", ")\n"),
    "keys": within("var keys = map[string]int{\n", '\t"I": I,\n', "}\n"),
    "items": within("var items = []int{\n", "\tI,\n", "}\n"),
    "fields": within("type Fields struct {\n", '\tFieldI *other.TypeI `yaml:"I"`\n', "}\n"),
    "interface": within("type Interface interface {\n", "\tMethodI(a string) error\n", "}\n"),
    "chain": within("func chain() {\n", "\tpassedI := passedJ\n", "}\n"),
    "calls": within("func calls() {\n", "\tregistry.RegisterConsumer(aI.NewConsumer(bI))\n", "}\n"),
    "blocks": nested("func deep() ", "{", "", "}", "\n"),
    "cases": within("func cases(a int) {\n\tswitch a {\n", "\tcase I:\n\t\treturn\n", "\t}\n}\n"),
    "brackets": nested("var deep = ", "(", "1", ")", "\n"),
    "literals": nested("var deep = ", "a{", "1", "}", "\n"),
    "calls-in-calls": nested("var deep = ", "f(", "1", ")", "\n"),
    "chained-calls": within("var chained = a", ".B(I)", "\n"),
    "sum": within("var sum = 0", " + I", "\n"),
    "strings": lines('var stringI = "I \\" I"\n'),
    "raw": lines("var rawI = `I`\n"),
    "open-brackets": lines("("),
    "open-braces": lines("{ "),
    "open-calls": lines("f("),
    "open-strings": lines("`\n"),
    "closing": lines(")"),
    "commas": lines(","),
    "words": lines("wordI "),
    "one-line": lines("/* I */"),
}

PYTHON = {
    "lines": lines("# line I\n"),
    "blank": lines("\n"),
    "functions": lines("def fnI(a):\n    return a + I\n"),
    "methods": within("class Big:\n", "    def methodI(self):\n        return I\n", "\n"),
    "classes": lines("class ClassI(ClassJ):\n    a = I\n"),
    "imports": lines("import moduleI\n"),
    "from-imports": lines("from .moduleI import nameI\n"),
    "names": within("from .modules import (\n", "    nameI,\n", ")\n"),
    "stars": lines("from .starI import *\n"),
    "assignments": lines("nameI = I\n"),
    "chain": lines("nameI = nameJ\n"),
    "keys": within("keys = {\n", "    'keyI': I,\n", "}\n"),
    "items": within("items = [\n", "    'itemI',\n", "]\n"),
    "fields": within("class FieldsForm(IntegrationConfigForm):\n", "    fieldI = forms.CharField(label='I')\n", "\n"),
    "calls": lines("register(itemI, 'I')\n"),
    "hooks": within("def initialize(self):\n", "    IntegrationHook(self, ClassI)\n", "\n"),
    "decorators": within("", "@decorated(I)\n", "def decorated_one(): pass\n"),
    "brackets": nested("deep = ", "[", "1", "]", "\n"),
    "dicts": nested("deep = ", "{1:", "1", "}", "\n"),
    "blocks": indented("if a:\n", "pass\n"),
    "calls-in-calls": nested("deep = ", "f(", "1", ")", "\n"),
    "chained-calls": within("chained = a", ".b(I)", "\n"),
    "sum": within("total = 0", " + I", "\n"),
    "nots": nested("deep = ", "not ", "1", "", "\n"),
    "strings": lines("stringI = 'I \\' I'\n"),
    "docstrings": lines('"""Text I."""\n'),
    "open-brackets": lines("["),
    "open-braces": lines("{ "),
    "open-calls": lines("f("),
    "open-strings": lines("'\n"),
    "open-docstrings": lines('"""\n'),
    "closing": lines("]"),
    "commas": lines(","),
    "words": lines("wordI "),
    "colons": lines("a:\n"),
}

RUST = {
    "lines": lines("// line I\n"),
    "blank": lines("\n"),
    "functions": lines("pub fn fn_I(a: usize) -> usize { a + I }\n"),
    "methods": within("impl Big {\n", "    pub fn method_I(&self) -> usize { I }\n", "}\n"),
    "impls": lines("impl TraitI for TypeI { fn run(&self) {} }\n"),
    "types": lines("pub struct TypeI { a: usize }\n"),
    "uses": lines("use module_I::NameI;\n"),
    "used": within("use modules::{\n", "    NameI,\n", "};\n"),
    "reexports": lines("pub use module_I::NameI;\n"),
    "stars": lines("pub use module_I::*;\n"),
    "modules": lines("pub mod module_I;\n"),
    "inline-modules": lines("pub mod module_I { pub struct A; }\n"),
    "aliases": lines("pub type AliasI = AliasJ;\n"),
    "chain": within("fn chain() {\n", "    let passed_I = passed_J;\n", "}\n"),
    "fields": within("pub struct Fields {\n", "    pub field_I: usize,\n", "}\n"),
    "enum": within("pub enum Enum {\n", "    VariantI,\n", "}\n"),
    "trait": within("pub trait Trait {\n", "    fn method_I(&self) -> usize;\n", "}\n"),
    "items": within("pub const ITEMS: &[&str] = &[\n", '    "itemI",\n', "];\n"),
    "arms": within("fn arms(a: &str) -> usize {\n    match a {\n", '        "armI" => I,\n', "        _ => 0,\n    }\n}\n"),
    "calls": within("fn calls() {\n", "    registry.register(Box::new(ClassI::new()));\n", "}\n"),
    "attributes": within("", "#[allow(I)]\n", "pub struct Attributed;\n"),
    "macros": lines("register!(itemI);\n"),
    "in-macro": within("register! {\n", "    itemI => ClassI,\n", "}\n"),
    "brackets": nested("const DEEP: A = ", "[", "1", "]", ";\n"),
    "blocks": nested("fn deep() ", "{", "", "}", "\n"),
    "calls-in-calls": nested("const DEEP: A = ", "f(", "1", ")", ";\n"),
    "chained-calls": within("const CHAINED: A = a", ".b(I)", ";\n"),
    "sum": within("const SUM: usize = 0", " + I", ";\n"),
    "nots": nested("const DEEP: A = ", "!", "1", "", ";\n"),
    "generics": nested("type Deep = ", "A<", "B", ">", ";\n"),
    "use-trees": nested("use ", "a::{", "b", "}", ";\n"),
    "strings": lines('const S_I: &str = "I \\" I";\n'),
    "raw": lines('const R_I: &str = r#"I"#;\n'),
    "open-raw": lines('r#"'),
    "open-brackets": lines("["),
    "open-braces": lines("{ "),
    "open-calls": lines("f("),
    "open-generics": lines("a<"),
    "open-comments": lines("/*"),
    "closing": lines("]"),
    "commas": lines(","),
    "words": lines("wordI "),
    "lifetimes": lines("'a "),
}

JAVA = {
    "lines": lines("// line I\n"),
    "blank": lines("\n"),
    "functions": within("class Functions {\n", "    static int fnI(int a) { return a + I; }\n", "}\n"),
    "classes": lines("class ClassI extends ClassJ { void run() {} }\n"),
    "interfaces": lines("interface PortI extends PortJ { void run(); }\n"),
    "bases": within("class Based implements Base", ", BaseI", " {}\n"),
    "imports": lines("import com.example.moduleI.NameI;\n"),
    "stars": lines("import com.example.moduleI.*;\n"),
    "fields": within("class Fields {\n", "    private final String fieldI = \"I\";\n", "}\n"),
    "enum": within("enum Enum {\n", "    MEMBER_I,\n", "}\n"),
    "annotations": within("", "@Annotated(I)\n", "class Annotated {}\n"),
    "keys": within("class Keys {\n    Map<String, Integer> keys = Map.of(\n", '        "keyI", I,\n', '        "end", 1);\n}\n'),
    "items": within("class Items {\n    int[] items = {\n", "        I,\n", "    };\n}\n"),
    "calls": within("class Calls {\n    void calls() {\n", "        registry.register(new ClassI());\n", "    }\n}\n"),
    "chain": within("class Chain {\n    void chain() {\n", "        var passedI = passedJ;\n", "    }\n}\n"),
    "chained-calls": within("class Chained {\n    Object a = a", ".b(I)", ";\n}\n"),
    "sum": within("class Sum {\n    int sum = 0", " + I", ";\n}\n"),
    "brackets": nested("class Deep {\n    int a = ", "(", "1", ")", ";\n}\n"),
    "blocks": nested("class Deep {\n    void deep() ", "{", "", "}", "\n}\n"),
    "nested-classes": nested("", "class A {", "", "}", "\n"),
    "calls-in-calls": nested("class Deep {\n    Object a = ", "f(", "1", ")", ";\n}\n"),
    "generics": nested("class Deep {\n    ", "A<", "B", ">", " a;\n}\n"),
    "strings": lines('class StringI { String a = "I \\" I"; }\n'),
    "open-brackets": lines("("),
    "open-braces": lines("{ "),
    "open-generics": lines("a<"),
    "open-strings": lines('"\n'),
    "open-text": lines('"""\n'),
    "closing": lines("}"),
    "commas": lines(","),
    "words": lines("wordI "),
    "one-line": lines("/* I */"),
}

RUBY = {
    "lines": lines("# line I\n"),
    "blank": lines("\n"),
    "functions": lines("def fn_I(a)\n  a + I\nend\n"),
    "methods": within("class Big\n", "  def method_I = I\n", "end\n"),
    "classes": lines("class ClassI < ClassJ\n  def run; end\nend\n"),
    "modules": lines("module ModuleI\n  A = I\nend\n"),
    "includes": within("class Including\n", "  include ModuleI\n", "end\n"),
    "imports": lines('require "module_I"\n'),
    "relative": lines('require_relative "module_I"\n'),
    "constants": lines("CONSTANT_I = CONSTANT_J\n"),
    "chain": lines("name_I = name_J\n"),
    "keys": within("KEYS = {\n", '  "keyI" => I,\n', "}\n"),
    "items": within("ITEMS = [\n", '  "itemI",\n', "]\n"),
    "word-list": within("WORDS = %w(\n", "  wordI\n", ")\n"),
    "calls": lines('register("I", ClassI.new)\n'),
    "symbols": lines("attr_reader :name_I\n"),
    "brackets": nested("deep = ", "[", "1", "]", "\n"),
    "hashes": nested("deep = ", "{ 1 => ", "1", " }", "\n"),
    "blocks": nested("", "a do\n", "", "end\n", ""),
    "nested-modules": nested("", "module A\n", "", "end\n", ""),
    "calls-in-calls": nested("deep = ", "f(", "1", ")", "\n"),
    "chained-calls": within("chained = a", ".b(I)", "\n"),
    "sum": within("total = 0", " + I", "\n"),
    "nots": nested("deep = ", "!", "1", "", "\n"),
    "strings": lines("string_I = 'I \\' I'\n"),
    "interpolated": lines('text_I = "a#{b}I"\n'),
    "heredocs": lines("text_I = <<~TEXT\n  I\nTEXT\n"),
    "open-brackets": lines("["),
    "open-braces": lines("{ "),
    "open-strings": lines("'\n"),
    "open-heredocs": lines("a = <<~TEXT\n"),
    "open-interpolated": lines('"#{'),
    "ends": lines("end\n"),
    "commas": lines(","),
    "words": lines("word_I "),
}

XML = {
    "lines": lines("<!-- I -->\n"),
    "elements": lines("<elementI>I</elementI>\n"),
    "items": within("<items>\n", "  <item>I</item>\n", "</items>\n"),
    "objects": within("<objects>\n", "  <object><a>I</a><b>I</b></object>\n", "</objects>\n"),
    "modules": within("<modules>\n", "  <module>connector-moduleI</module>\n", "</modules>\n"),
    "dependencies": within(
        "<dependencies>\n",
        "  <dependency><groupId>org.apache.seatunnel</groupId><artifactId>connector-dependencyI</artifactId></dependency>\n",
        "</dependencies>\n",
    ),
    "attributes": within("<attributed", ' attributeI="I"', "/>\n"),
    "nested": nested("", "<a>", "1", "</a>", "\n"),
    "text": within("<text>", "word &lt; I ", "</text>\n"),
    "instructions": lines("<?instruction I?>\n"),
    "sections": lines("<![CDATA[ I ]]>\n"),
    "open": lines("<a>"),
    "open-comments": lines("<!--"),
}

JSON = {
    "keys": within("{", '"keyI": I,\n', '"end": 1}'),
    "items": within("[", '"itemI",\n', "1]"),
    "objects": within("[", '{"a": I, "b": "I"},\n', "1]"),
    "pairs": within("{", '"keyI": {"a": I},\n', '"end": 1}'),
    "same-key": within("{", '"key": I,\n', '"end": 1}'),
    "strings": within('"', "I \\\" I ", '"'),
    "arrays": nested("", "[", "1", "]", ""),
    "nested": nested("", '{"a":', "1", "}", ""),
    "numbers": within("[", "I,", "1]"),
    "open": lines('{"a":['),
    "commas": lines(","),
}

TOML = {
    "lines": lines("# line I\n"),
    "keys": within("[many]\n", "keyI = I\n", ""),
    "tables": lines("[tableI]\na = I\n"),
    "subtables": lines("[many.tableI]\na = I\n"),
    "array": lines("[[many]]\na = I\n"),
    "items": within("[many]\nitems = [\n", '    "itemI",\n', "]\n"),
    "dotted": within("[many]\n", "a.bI = I\n", ""),
    "long-dotted": within("[many]\na", ".bI", " = 1\n"),
    "inline": within("[many]\na = {", " kI = I,", " z = 1 }\n"),
    "arrays": nested("[many]\na = ", "[", "1", "]", "\n"),
    "inlines": nested("[many]\na = ", "{ a = ", "1", " }", "\n"),
    "strings": lines('[stringI]\na = "I \\" I"\n'),
    "same-key": within("[many]\n", "a = I\n", ""),
    "open": lines("a = ["),
    "words": lines("wordI "),
}

YAML = {
    "lines": lines("# line I\n"),
    "keys": within("many:\n", "  keyI: I\n", ""),
    "items": within("many:\n", "  - itemI\n", ""),
    "objects": within("many:\n", "  - a: I\n    b: I\n", ""),
    "flow": within("many: {", "kI: I, ", "}\n"),
    "nested": nested("many: ", "[", "1", "]", "\n"),
    "nested-maps": nested("many: ", "{a: ", "1", "}", "\n"),
    "blocks": lambda n: "many:\n" + indented("a:\n", "b: 1\n")(n).replace("\n", "\n ")[:-1],
    "aliases": within("first: &first [1]\nmany:\n", "  - *first\n", ""),
    "doubling": within("a0: &a0 [1]\n", "aI: &aI [*aJ, *aJ]\n", ""),
    "documents": lines("---\na: I\n"),
    "open": lines("[{"),
}

TEXT = {
    "lines": lines("line I\n"),
    "blank": lines("\n"),
    "rows": lines("| [Name I](place/I) | text |\n"),
    "headings": lines("## Heading I\n"),
    "list": lines("- item I\n"),
    "fences": lines("```\n"),
    "comments": lines("<!-- I -->\n"),
    "open-comments": lines("<!--"),
    "words": lines("wordI "),
    "requirements": lines("package-I==1.I\n"),
}

PROPERTIES = {
    "lines": lines("# line I\n"),
    "keys": lines("keyI = I\n"),
    "words": lines("wordI "),
}

TEXTS = {
    "ts": TYPESCRIPT,
    "mjs": TYPESCRIPT,
    "go": GO,
    "py": PYTHON,
    "rs": RUST,
    "json": JSON,
    "toml": TOML,
    "yaml": YAML,
    "yml": YAML,
    "md": TEXT,
    "txt": TEXT,
    "": TEXT,
    "properties": PROPERTIES,
    "java": JAVA,
    "rb": RUBY,
    "gemspec": RUBY,
    "Gemfile": RUBY,
    "xml": XML,
}

# What has to stand before all else in a file.
IN_FRONT = {"imports", "names", "grouped", "from-imports", "uses", "used", "stars", "relative"}


def notation(path):
    """What the notation of a file is called in `TEXTS`."""
    name = path.rsplit("/", 1)[-1]
    return name if name in TEXTS else name.rpartition(".")[2] if "." in name else ""


def largest(path):
    """How long a file may be with what is added, in bytes, so that it is still read: code, and all else."""
    if TEXTS[notation(path)] is XML:
        return 500 << 10
    return (760 if TEXTS[notation(path)] in (TYPESCRIPT, GO, PYTHON, RUST, JAVA, RUBY) else 1000) << 10


def hostile(path, kind, n, sound):
    """The sound text of a file with n more of a kind; `n` = 0 is the sound text."""
    if n == 0:
        return sound
    extension = notation(path)
    text = TEXTS[extension][kind](n)
    if extension == "xml":
        head, end, rest = sound.rpartition("</")
        return f"{head}{text}{end}{rest}"
    if extension == "java":
        package, at, rest = sound.rpartition("import ") if kind in IN_FRONT else (sound, "", "")
        return f"{package}{text}{at}{rest}" if kind in IN_FRONT and at else f"{sound}\n{text}\n"
    if extension == "json":
        at = sound.rstrip().rstrip("}").rstrip()
        return f'{at},\n"hostile": {text}\n}}\n'
    if extension in ("toml", "yaml", "yml", "md", "txt", "", "properties"):
        return f"{sound.rstrip()}\n\n{text}\n"
    if kind in IN_FRONT and extension != "go":
        return f"{text}{sound}"
    if kind in IN_FRONT:
        head, rest = sound.split("\n", 1)
        return f"{head}\n\n{text}{rest}"
    return f"{sound}\n{text}\n"


def count_for(path, kind, size):
    """How many come to about so many bytes."""
    make = TEXTS[notation(path)][kind]
    n = 16
    while len(make(n)) < size and n < 1 << 24:
        n *= 2
    low, high = n // 2, n
    for _ in range(10):
        middle = (low + high) // 2
        low, high = (middle, high) if len(make(middle)) < size else (low, middle)
    return low
