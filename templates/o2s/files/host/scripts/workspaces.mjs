// Runs a script of every workspace that has it, each one after the workspaces it depends on.
// (npm runs them in the order of the globs: an integration that another one extends may come too late.)
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [script] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const packages = new Map(
    read('package.json')
        .workspaces.map((pattern) => pattern.replace(/\/\*$/, ''))
        .filter(existsSync)
        .flatMap((folder) => readdirSync(folder).map((entry) => join(folder, entry, 'package.json')))
        .filter(existsSync)
        .map((file) => [read(file).name, read(file)]),
);

const done = new Set();
const run = (name) => {
    const pkg = packages.get(name);
    if (!pkg || done.has(name)) {
        return;
    }
    done.add(name);
    Object.keys({ ...pkg.dependencies, ...pkg.devDependencies, ...pkg.peerDependencies }).forEach(run);
    if (!pkg.scripts?.[script]) {
        return;
    }
    console.log(`${script} ${name}`);
    const { status } = spawnSync('npm', ['run', '--silent', script, `--workspace=${name}`], {
        stdio: 'inherit',
        shell: process.platform === 'win32',
    });
    if (status !== 0) {
        process.exit(status ?? 1);
    }
};
[...packages.keys()].forEach(run);
