/** What integrations may listen to. */
export interface Events {
    start?: () => void;
    stop?: () => void;
}

export interface Integration {
    name: string;
    on: Events;
}
