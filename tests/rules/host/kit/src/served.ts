export class NotYet extends Error {}

export function Served() {
    return (_service: unknown) => {};
}
