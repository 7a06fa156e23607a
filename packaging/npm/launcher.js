#!/usr/bin/env node
// Runs the program that the package of this platform carries. Nothing is fetched, neither here nor at install.
'use strict';

const { spawnSync } = require('node:child_process');

const platform = `${process.platform}-${process.arch}`;
const file = process.platform === 'win32' ? 'tenon.exe' : 'tenon';

let program;
try {
    program = require.resolve(`@tenon-rs/${platform}/bin/${file}`);
} catch {
    console.error(`error: the package @tenon-rs/${platform} is not installed`);
    console.error('help: install again without `--omit=optional`; if there is no such package, see docs/install.md for other ways');
    process.exit(2);
}

const run = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (run.error) {
    console.error(`error: ${program} cannot be run`);
    console.error(`  because: ${run.error.message}`);
    process.exit(2);
}
if (run.signal) {
    // End as the program did, so that a shell sees the signal.
    process.kill(process.pid, run.signal);
}
process.exit(run.status ?? 2);
