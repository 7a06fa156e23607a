export const config = {
    '*.{js,ts}': (files) => [
        `prettier --write ${files.join(' ')}`,
        'tsc --noEmit',
        `eslint ${files.join(' ')} --fix --max-warnings=0`,
    ],
};
