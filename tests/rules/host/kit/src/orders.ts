export class Order {
    id!: string;
}

export class Module {}

export abstract class Service {
    abstract find(id: string): Promise<Order | undefined>;
    abstract place(order: Order): Promise<void>;
}
