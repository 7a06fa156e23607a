export default {
    '*.{js,ts}': ['eslint --fix', 'prettier --write'],
};
