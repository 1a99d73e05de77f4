/** As much of the two libraries as the relays use: they are not installed where types are checked. */
declare module 'matrix-appservice-bridge' {
  export interface Intent {
    sendText(roomId: string, text: string): Promise<unknown>;
  }
  export interface Request {
    getData(): {
      readonly event_id: string;
      readonly room_id: string;
      readonly sender: string;
      readonly type: string;
      readonly content?: { readonly body?: string };
    };
    resolve(): void;
  }
  export interface BridgeContext {
    readonly rooms: { readonly remote: { getId(): string } | null };
  }
  export class MatrixRoom {
    constructor(id: string);
  }
  export class RemoteRoom {
    constructor(id: string);
  }
  export class Bridge {
    constructor(options: {
      readonly homeserverUrl: string;
      readonly domain: string;
      readonly registration: string;
      readonly roomStore: string;
      readonly userStore: string;
      readonly userActivityStore: string;
      readonly controller: {
        readonly onUserQuery: () => object;
        readonly onEvent: (request: Request, context?: BridgeContext) => void;
      };
    });
    initialise(): Promise<void>;
    listen(port: number, host: string): Promise<void>;
    getIntent(userId: string): Intent;
    getRoomStore():
      | { linkRooms(matrix: MatrixRoom, remote: RemoteRoom): Promise<void> }
      | undefined;
  }
}

declare module 'matrix-bot-sdk' {
  export class Appservice {
    constructor(options: {
      readonly port: number;
      readonly bindAddress: string;
      readonly homeserverName: string;
      readonly homeserverUrl: string;
      readonly registration: object;
    });
    on(
      event: 'room.message',
      listener: (
        roomId: string,
        event: {
          readonly event_id: string;
          readonly sender: string;
          readonly content: { readonly body: string };
        },
      ) => void,
    ): void;
    begin(): Promise<void>;
    isNamespacedUser(userId: string): boolean;
    getIntentForUserId(userId: string): { sendText(roomId: string, text: string): Promise<string> };
  }
}
