// The compiler and the linter of a host in one process that stays: what they load and what is compiled of themselves is there from the
// second time on, which is most of their time. Called as their commands call them.
//
//   node tools.mjs HOST
//
// In: a line of JSON for each question, {"tool": "tsc", "eslint" or "build", "dir": …}. Out: a line, `true` if it succeeds.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const host = process.argv[2];
const load = createRequire(join(host, 'package.json'));
const ts = load('typescript');
const { ESLint } = load('eslint');

/** What `node_modules/.bin/tsc` does with words. */
function tsc(dir, words) {
    let status = 0;
    const ended = {};
    const system = {
        ...ts.sys,
        args: words,
        write: () => {},
        // The one of TypeScript asks once only.
        getCurrentDirectory: () => dir,
        exit: (code) => {
            status = code ?? 0;
            throw ended;
        },
    };
    try {
        ts.executeCommandLine(system, () => {}, words);
    } catch (error) {
        // What it does not catch itself ends its command with a failure as well.
        return error === ended && status === 0;
    }
    return true;
}

/** What `eslint . --max-warnings=0` does; how code is formatted is not asked. */
async function eslint(dir) {
    const linter = new ESLint({ cwd: dir, overrideConfig: [{ rules: { 'prettier/prettier': 'off' } }] });
    try {
        const files = await linter.lintFiles(['.']);
        return files.every((file) => file.errorCount + file.warningCount === 0);
    } catch {
        return false;
    }
}

/** What `npm run build` does: the commands of the package's script, one after the other. */
function build(dir) {
    let script;
    try {
        script = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).scripts.build;
    } catch {
        return false;
    }
    if (typeof script !== 'string') {
        return false;
    }
    return script.split(' && ').every((command) => {
        const [name, ...words] = command.split(' ');
        if (name === 'tsc') {
            return tsc(dir, words);
        }
        return spawnSync(join(host, 'node_modules/.bin', name), words, { cwd: dir }).status === 0;
    });
}

for await (const line of createInterface({ input: process.stdin })) {
    const { tool, dir } = JSON.parse(line);
    process.chdir(dir);
    const tools = { tsc: () => tsc(dir, ['--noEmit']), eslint: () => eslint(dir), build: () => build(dir) };
    console.log(String(await tools[tool]()));
}
