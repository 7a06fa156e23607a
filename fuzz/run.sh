#!/bin/sh
# Runs fuzz targets one after the other: fuzz/run.sh SECONDS [TARGET…]
# Needs cargo-fuzz (cargo install cargo-fuzz) and, on a stable compiler, what RUSTC_BOOTSTRAP=1 allows.
set -eu
cd "$(dirname "$0")"
export RUSTC_BOOTSTRAP=1
seconds=$1
shift
[ $# -gt 0 ] || set -- $(cargo fuzz list)
sep=$(printf '\377')

# What is in the repository is what inputs begin with; parts of an input are parted by one byte that no UTF-8 has.
seed() { # TARGET TEXT-FILE… with the parts that follow in $tail
    mkdir -p "corpus/$1"
    target=$1
    shift
    for file in "$@"; do
        [ -f "$file" ] && [ "$(wc -c <"$file")" -lt 8000 ] || continue
        name=$(printf '%s' "$file" | tr '/.{} ' '_____')
        { cat "$file"; printf '%s' "$tail"; } >"corpus/$target/$name"
    done
}

code=$(find ../templates -name '*.ts*' -type f ! -path '*/node_modules/*' | head -150)
tail="${sep}a${sep}name${sep}\"x\"${sep}"
seed manifest_json $(find ../templates ../docs -name '*.json*' -type f | head -80)
seed manifest_toml ../Cargo.toml ../deny.toml ../rustfmt.toml $(find ../templates -name '*.toml*' -type f | head -40)
seed manifest_yaml $(find .. -maxdepth 4 \( -name '*.yml' -o -name '*.yaml' \) -type f | head -40)
tail="${sep}packages/a"
seed workspace ../Cargo.toml $(find ../templates -name 'package.json*' -type f | head -20)
tail="${sep}class A { m(): void {} }${sep}a"
for rule in "pattern = 'export * as \$N from \"\$P\"'" "kind = 'pair'
has = { field = 'key', pattern = '\$N' }" "any = [{ kind = 'call_expression' }, { regex = 'a.*b' }]
inside = { kind = 'class_body', stopBy = 'end' }" "nthChild = { position = 2, reverse = true }
not = { has = { pattern = '\$A.\$B', stopBy = 'end' } }"; do
    mkdir -p corpus/rule
    printf '%s%s' "$rule" "$tail" >"corpus/rule/$(printf '%s' "$rule" | cksum | cut -d' ' -f1)"
done
tail="${sep}a${sep}b${sep}"
seed list $code
seed imports $code
seed graph $code
seed contract $code
tail=""
seed classes $code
seed settings ../templates/*/tenon.toml
tail="${sep}const a = 'x'"
seed restyle $code
seed format $code
tail="${sep}{\"compilerOptions\": {\"paths\": {\"@/*\": [\"./src/*\"]}}}"
seed config $(find ../templates -name 'tsconfig*.json*' -type f)
tail="${sep}const a = 'x';${sep}o2s${sep}integration${sep}a${sep}b${sep}acme${sep}message${sep}label${sep}why${sep}help"
seed findings $code
mkdir -p corpus/list corpus/contract corpus/graph
printf '%s' "export * as A from './a';
export * as B from './b'; // b
${sep}0" >corpus/list/statements
printf '%s' "const L = {
  a: 1, // one
  b: 2
};
${sep}1" >corpus/list/pairs
printf '%s' "const L = [A.f(1), B.f(2)];${sep}2" >corpus/list/items
printf '%s' "function f() {
  A.f(1);
  B.f(2);
}${sep}3" >corpus/list/block
for target in contract graph; do
    printf '%s' "export * as Things from './a';
export { B as C } from './b';
export import X = B.Y;${sep}import { B } from './b';
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
export interface I { (a: Hidden<string>): void; m?(): this is I }${sep}export class B<T> { b!: T; abstract c(): T }
export namespace Y { export type Z = B<Z[]>; }
export default B;${sep}export * from '../a';${sep}declare namespace N { type A = 1; }" >"corpus/$target/package"
done

for target in "$@"; do
    echo "== $target"
    dict=
    [ -f "dict/$target" ] && dict="-dict=dict/$target"
    nice -n 19 cargo fuzz run -s none "$target" -- "-max_total_time=$seconds" -max_len=4096 -timeout=20 \
        -rss_limit_mb=2048 -print_final_stats=1 $dict || echo "== $target failed"
done
