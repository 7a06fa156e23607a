/** @type {import("prettier").Config} */
const config = {
    semi: true,
    trailingComma: 'all',
    singleQuote: true,
    printWidth: 120,
    tabWidth: 4,
    plugins: ['@trivago/prettier-plugin-sort-imports'],
    importOrder: ['@o2s/utils', '@o2s/framework', '^(../)', '^(./)'],
    importOrderParserPlugins: ['typescript', 'decorators-legacy'],
    importOrderSeparation: true,
    importOrderSortSpecifiers: true,
};

export default config;
