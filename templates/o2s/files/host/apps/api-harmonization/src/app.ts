import { LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';

import { AppModule } from './app.module';

/** Starts the API on the loopback interface; port 0 takes any free port. */
export async function start(port: number): Promise<NestExpressApplication> {
    const app = await NestFactory.create<NestExpressApplication>(AppModule, {
        abortOnError: false,
        logger: [(process.env.LOG_LEVEL ?? 'error') as LogLevel],
    });
    app.set('query parser', 'extended');
    app.enableShutdownHooks();
    await app.listen(port, '127.0.0.1');

    return app;
}
