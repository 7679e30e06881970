/** A process on the same database, itself left out. */
export interface PeerProcess {
  readonly id: string;
  readonly roles: readonly string[];
}

export interface NoticeHandlers {
  received(payload: string): void;
  /** The connection stands, for the first time or again. */
  up(): void;
  /** Notices may be lost from now on. */
  down(error: unknown): void;
}

/** Carries short messages between processes: each gets what the others and it itself send, or loses some. */
export interface NoticeTransport {
  /** This process, as its peers see it. */
  readonly processId: string;
  /** Resolves when the first attempt to connect is over; goes on trying by itself. */
  open(handlers: NoticeHandlers): Promise<void>;
  /** @throws when the connection is down */
  send(payloads: readonly string[]): Promise<void>;
  peers(): Promise<readonly PeerProcess[]>;
  close(): Promise<void>;
}
