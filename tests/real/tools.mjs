// The compiler and the linter of a host in one process that stays: what they load and what is compiled of themselves is there from the
// second time on, which is most of their time. Called as their commands call them.
//
//   node tools.mjs HOST
//
// In: a line of JSON for each question, {"tool": "tsc", "eslint" or "build", "dir": …}. Out: a line of JSON, the list of what it
// complains of, without positions in lines: what else stands in a file may move.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, relative } from 'node:path';
import { createInterface } from 'node:readline';

const host = process.argv[2];
const load = createRequire(join(host, 'package.json'));
const ts = load('typescript');
const { ESLint } = load('eslint');

/** What `node_modules/.bin/tsc` does with words. */
function tsc(dir, words) {
    let status = 0;
    let said = '';
    const ended = {};
    const system = {
        ...ts.sys,
        args: words,
        write: (text) => (said += text),
        // The one of TypeScript asks once only.
        getCurrentDirectory: () => dir,
        exit: (code) => {
            status = code ?? 0;
            throw ended;
        },
    };
    try {
        ts.executeCommandLine(system, () => {}, [...words, '--pretty', 'false']);
    } catch (error) {
        // What it does not catch itself ends its command with a failure as well.
        status = error === ended ? status : 2;
    }
    const lines = said.split('\n').filter((line) => line.includes('error TS'));
    const problems = lines.map((line) => line.replace(/\(\d+,\d+\)/, ''));
    return status === 0 || problems.length > 0 ? problems : ['tsc fails'];
}

/** What `eslint . --max-warnings=0` does; how code is formatted is not asked. */
async function eslint(dir) {
    const linter = new ESLint({ cwd: dir, overrideConfig: [{ rules: { 'prettier/prettier': 'off' } }] });
    try {
        const files = await linter.lintFiles(['.']);
        return files.flatMap(({ filePath, messages }) =>
            messages.map(({ ruleId, message }) => `${relative(dir, filePath)}: ${ruleId}: ${message}`),
        );
    } catch {
        return ['eslint fails'];
    }
}

/** What `npm run build` does: the commands of the package's script, one after the other, also after one that fails. */
function build(dir) {
    let script;
    try {
        script = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).scripts.build;
    } catch {
        script = undefined;
    }
    if (typeof script !== 'string') {
        return ['there is no build'];
    }
    const places = [join(dir, 'node_modules/.bin'), join(host, 'node_modules/.bin'), process.env.PATH];
    const env = { ...process.env, PATH: places.join(delimiter) };
    return script.split(' && ').flatMap((command) => {
        const [name, ...words] = command.split(' ');
        if (name === 'tsc') {
            return tsc(dir, words);
        }
        return spawnSync(name, words, { cwd: dir, env }).status === 0 ? [] : [`${command} fails`];
    });
}

for await (const line of createInterface({ input: process.stdin })) {
    const { tool, dir } = JSON.parse(line);
    process.chdir(dir);
    const tools = { tsc: () => tsc(dir, ['--noEmit']), eslint: () => eslint(dir), build: () => build(dir) };
    console.log(JSON.stringify(await tools[tool]()));
}
