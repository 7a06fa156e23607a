import { defineConfig } from 'vitest/config';

export const config = defineConfig({
    test: {
        environment: 'node',
        globals: true,
        include: ['src/**/*.spec.ts'],
        passWithNoTests: true,
    },
});
