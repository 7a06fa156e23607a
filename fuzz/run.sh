#!/bin/sh
# Runs fuzz targets one after the other: fuzz/run.sh SECONDS [TARGET…]; for no seconds, only makes the inputs they begin with.
# Needs cargo-fuzz (cargo install cargo-fuzz) and, on a stable compiler, what RUSTC_BOOTSTRAP=1 allows.
set -eu
cd "$(dirname "$0")"
export RUSTC_BOOTSTRAP=1
seconds=$1
shift
[ $# -gt 0 ] || set -- $(cargo fuzz list)
sep=$(printf '\377')

# What is in the repository is what inputs begin with; parts of an input are parted by one byte that no UTF-8 has.
seed() { # TARGET TEXT-FILE… between $head and $tail
    mkdir -p "corpus/$1"
    target=$1
    shift
    for file in "$@"; do
        [ -f "$file" ] && [ "$(wc -c <"$file")" -lt 4000 ] || continue
        name=$(printf '%s%s' "$head" "$file" | tr '/.{} \377' '______')
        { printf '%s' "$head"; cat "$file"; printf '%s' "$tail"; } >"corpus/$target/$name"
    done
}
text() { # TARGET NAME PART…
    mkdir -p "corpus/$1"
    target=$1
    name=$2
    shift 2
    printf '%s' "$1" >"corpus/$target/$name"
    shift
    for part in "$@"; do
        printf '%s%s' "$sep" "$part" >>"corpus/$target/$name"
    done
}

packs="../templates ../docs/examples"
files() { # NAME-PATTERN COUNT
    find $packs -name "$1" -type f ! -path '*/node_modules/*' | sort | head -"$2"
}
head=
tail="${sep}a${sep}name${sep}\"x\"${sep}"
tail=
seed manifest_json $(find ../templates ../docs -name '*.json*' -type f | head -80)
seed manifest_toml ../Cargo.toml ../deny.toml ../rustfmt.toml $(files '*.toml*' 40)
seed manifest_yaml $(find .. -maxdepth 4 \( -name '*.yml' -o -name '*.yaml' \) -type f | head -40)
seed manifest_xml $(files '*.xml*' 40)
tail="${sep}packages/a"
seed workspace ../Cargo.toml $(files 'package.json*' 20) $(files 'Cargo.toml*' 20) $(files 'go.mod*' 5)
for rule in "pattern = 'export * as \$N from \"\$P\"'" "kind = 'pair'
has = { field = 'key', pattern = '\$N' }" "any = [{ kind = 'call_expression' }, { regex = 'a.*b' }]
inside = { kind = 'class_body', stopBy = 'end' }" "nthChild = { position = 2, reverse = true }
not = { has = { pattern = '\$A.\$B', stopBy = 'end' } }"; do
    name=$(printf '%s' "$rule" | cksum | cut -d' ' -f1)
    text rule "$name" "$rule" "class A { m(): void {} }" 0
    text rule "$name-py" "$rule" "class A(B):
    def m(self): pass" 3
done

# 0 to 5: the languages, in the order of `languages::ALL`.
for language in 0 1 2 3 4 5; do
    case $language in
    0) code="$(files '*.ts' 80) $(files '*.ts.hbs' 40) $(files '*.js' 20)" ;;
    1) code="$(files '*.go' 40) $(files '*.go.hbs' 20)" ;;
    2) code="$(files '*.java' 80) $(files '*.java.hbs' 40)" ;;
    3) code="$(files '*.py' 40) $(files '*.py.hbs' 40)" ;;
    4) code="$(files '*.rb' 80) $(files '*.rb.hbs' 40)" ;;
    5) code="$(files '*.rs' 40) $(files '*.rs.hbs' 40) $(find ../crates/tenon-syntax/src/languages -name '*.rs' | sort | head -60)" ;;
    esac
    head="$language$sep"
    tail="${sep}a${sep}b${sep}"
    seed imports $code
    seed graph $code
    seed contract $code
    seed implement $code
    tail=
    seed classes $code
    tail="${sep}const a = 'x'"
    seed restyle $code
    head=
    seed format $code
done
tail=
seed settings ../templates/*/tenon.toml $(files 'tenon.toml' 20)
seed entry ../README.md $(files '*.md' 20) $(files '*.cfg' 5)
tail="${sep}{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./src/*\"]}}}"
seed config $(files 'tsconfig*.json*' 20)
tail="${sep}const a = 'x';${sep}o2s${sep}integration${sep}a${sep}b${sep}acme${sep}message${sep}label${sep}why${sep}help"
seed findings $(files '*.ts' 80)

text entry names "# List

one
two
three

# Next
four
" "$(printf '\001')" two
text entry ticks "- \`a\`
- \`b\`" "" b
text entry keys "a: 1
  b: 2" "$(printf '\002')" b

for target in contract graph implement; do
    text $target typescript 0 "export * as Things from './a';
export { B as C } from './b';
export import X = B.Y;" "import { B } from './b';
/** Doc. */
export abstract class Port<T = string> extends B<T> {
  constructor(private readonly a: string, b?: number) { super(); }
  abstract get(id: string, ...rest: Array<Promise<B<T> | undefined>>): Promise<import('./b').B<{ a: T; b?: [x: number, y?: string] }>>;
  abstract set(a: { [key: string]: (x: number) => void }): asserts a is never;
  over(a: string): void;
  over(a: number): void;
  over(a: unknown): void {}
  readonly f?: keyof typeof x;
}
type Hidden<A> = A extends infer I ? { [K in keyof I]: I[K] } : \`a\${string}\`;
export interface I { (a: Hidden<string>): void; m?(): this is I }" "export class B<T> { b!: T; abstract c(): T }
export namespace Y { export type Z = B<Z[]>; }
export default B;" "export * from '../a';" "declare namespace N { type A = 1; }"
    text $target typescript-class 0 "import { Item } from './a';
export abstract class Port {
  abstract find(key: string, more?: Item[]): Promise<Item>;
  abstract all(): Item[];
}
export class Own extends Port {
  public async find(id: number) { return id; }
}" "export interface Item { a: string }"
    text $target go 1 "package p

import \"x/q\"

// A is a contract.
type A interface {
	q.Base
	Find(key string, more ...[]*q.T) (map[string]q.T, error)
	all(func(int) chan<- bool) (n int)
	Set(q.T)
}

type B struct{ *q.Inner; a int }

func NewB() B { return B{} }

func (b *B) Find(id int) error { return nil }
" "package p

const C = \"c\"

type D = A

func (b B) Set(q, r int) {}
" "package q

type T struct{}

type Base interface{ Close() error }

type Inner struct{ T }

func (Inner) Close() (err error) { return }
" "package p" "module x

replace y => ../y
"
    text $target python 3 "from .a import Base as Outer, helper
from . import b
from .c import *

class Port(Outer):
    \"\"\"A contract.\"\"\"
    fields = ['a'] + Outer.fields
    name: str = 'x'

    @abstractmethod
    async def find(self, key: str, *rest, more=None, **kw) -> dict[str, b.T]:
        raise NotImplementedError

    @property
    def all(self): ...

class Own(Port):
    def find(self, id):
        return id
" "import abc
from p.b import T

class Base(metaclass=abc.ABCMeta):
    @abc.abstractmethod
    def close(self, a, /, b, *, c: 'T') -> None:
        pass

def helper(): pass
" "import p.a
class T: pass
" "from ..a import Base
__all__ = ['Base']
" "x = 1"
    text $target rust 5 "//! The api.
mod a;
pub mod b;
pub use a::{Port as Source, inner::*};
pub use crate::b::*;

pub struct Own;

impl Source for Own {
    type Item = u8;
    fn find(&self, id: u8) -> u8 { id }
}
" "use std::fmt;
use super::b::{self, Item as It};

/// A contract.
pub trait Port<'a, T: fmt::Debug = u8>: Send + b::Base where T: Clone {
    type Item: Iterator<Item = T> + 'a;
    const N: usize;
    fn find<K: Into<String>>(&'a self, key: K, more: &[It<T>]) -> Result<Option<Self::Item>, Box<dyn std::error::Error>> where K: Copy;
    async fn all(self: Box<Self>, f: impl Fn(&str) -> bool) -> impl Iterator<Item = It<T>>;
    fn given(&self) {}
}

pub mod inner { pub enum E { A(u8), B { c: super::b::Item<u8> } } }
" "pub struct Item<T>(pub T);
pub trait Base { fn close(&mut self); }
macro_rules! m { () => {} }
" "" "[package]
name = 'p'
"
done
if command -v tar >/dev/null; then
    mkdir -p corpus/archive
    for pack in ../templates/o2s ../docs/examples/packs/*; do
        tar -cf "corpus/archive/$(basename "$pack").tar" -C "$pack" --owner=0 --group=0 pack.toml
    done
fi

for target in "$@"; do
    echo "== $target"
    dict=
    [ -f "dict/$target" ] && dict="-dict=dict/$target"
    [ "$seconds" -gt 0 ] || continue
    nice -n 19 cargo fuzz run -s none "$target" -- "-max_total_time=$seconds" -max_len=4096 -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 $dict || echo "== $target failed"
done
