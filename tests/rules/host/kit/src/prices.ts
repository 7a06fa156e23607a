export class Module {}

export abstract class Service {
    abstract price(item: string): number;
}
