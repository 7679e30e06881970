import { wsTextFrame } from './ws-frame.js';

/** What is handed to engine.io, which sends the frame as it is where the transport is a WebSocket. */
export interface PacketOptions {
  readonly compress: false;
  /** The frame in the parts it is written in: here one. */
  readonly wsPreEncodedFrame: readonly [Buffer];
}

/**
 * A Socket.IO event packet of the main namespace, encoded once for however many sockets it goes to. Socket.IO's own
 * broadcast does the same; this one takes JSON text as it is instead of serialising objects.
 */
export class Packet {
  /** Without engine.io's packet type: as the polling transport wants it. */
  readonly text: string;
  readonly options: PacketOptions;

  /** @param json the event's one argument, as JSON text */
  constructor(name: string, json: string) {
    this.text = `2[${JSON.stringify(name)},${json}]`;
    this.options = { compress: false, wsPreEncodedFrame: [wsTextFrame(`4${this.text}`)] };
  }

  get sizeBytes(): number {
    return this.options.wsPreEncodedFrame[0].length;
  }
}
