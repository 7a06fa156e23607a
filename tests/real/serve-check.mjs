// Starts the API of a host and calls every endpoint of every controller that it registers.
// usage: node serve-check.mjs HOST [--expect 501]
// The host is built, and its apps/api-harmonization/dist/app.js exports `start(port)` (as the host of this folder does).
// Exit status 1 if an endpoint answers with another status than the expected one, 2 if nothing could be called.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { expect: { type: 'string', default: '501' } } });
const [host] = positionals;
if (!host) {
    console.error('usage: node serve-check.mjs HOST [--expect 501]');
    process.exit(2);
}
const require = createRequire(resolve(host, 'apps/api-harmonization/dist/app.js'));
require('reflect-metadata');
const { RequestMethod } = require('@nestjs/common');
const { ModulesContainer } = require('@nestjs/core');
const { start } = require('./app.js');

const app = await start(0);
const url = await app.getUrl();
const routes = [];
for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
        const prefix = Reflect.getMetadata('path', metatype);
        const names = new Set();
        for (let p = metatype.prototype; p && p !== Object.prototype; p = Object.getPrototypeOf(p)) {
            Object.getOwnPropertyNames(p).forEach((name) => names.add(name));
        }
        for (const name of names) {
            const handler = metatype.prototype[name];
            const method = typeof handler === 'function' ? Reflect.getMetadata('method', handler) : undefined;
            if (method === undefined) {
                continue;
            }
            for (const path of [Reflect.getMetadata('path', handler)].flat()) {
                routes.push({ handler: `${metatype.name}.${name}`, method: RequestMethod[method], path: `/${prefix}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1') });
            }
        }
    }
}

let failed = 0;
for (const { handler, method, path } of routes) {
    const body = ['POST', 'PUT', 'PATCH'].includes(method) ? '{}' : undefined;
    const response = await fetch(url + path.replace(/:\w+/g, '1'), {
        method,
        body,
        headers: { authorization: 'Bearer token', 'x-locale': 'en', ...(body && { 'content-type': 'application/json' }) },
    });
    const text = await response.text();
    const ok = String(response.status) === values.expect;
    failed += ok ? 0 : 1;
    console.log(`${ok ? 'ok   ' : 'FAIL '} ${response.status} ${method.padEnd(6)} ${path}  ${handler}${ok ? '' : `  ${text}`}`);
}
await app.close();
console.log(`${routes.length} endpoints, ${failed} not ${values.expect}`);
process.exit(routes.length === 0 ? 2 : failed ? 1 : 0);
