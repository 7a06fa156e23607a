import { start } from './app';

start(Number(process.env.PORT ?? 3001))
    .then(async (app) => console.log(`listening on ${await app.getUrl()}`))
    .catch((error) => {
        console.error(error);
        process.exitCode = 1;
    });
