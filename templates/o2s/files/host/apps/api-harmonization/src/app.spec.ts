import { expect, it } from 'vitest';

import { start } from './app';

it('starts, and answers over HTTP', async () => {
    const app = await start(0);
    try {
        const response = await fetch(`${await app.getUrl()}/no-such-path`);

        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ message: 'Cannot GET /no-such-path' });
    } finally {
        await app.close();
    }
});
