import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Random } from '../../model/random.js';
import { SignedInClient } from '../signed-in-client.js';
import { randomFlow, type Pace, type PlannedFlow } from './random-flow.js';

/** A run that somebody was told exists. */
export interface AcknowledgedRun {
  readonly runId: string;
  readonly plan: PlannedFlow;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface LoadOptions {
  readonly runs: number;
  /** The starts are spread over so long. */
  readonly overMs: number;
  readonly paces: readonly Pace[];
}

interface SocketAck {
  readonly ok?: boolean;
  readonly run_id?: string;
  readonly error?: { readonly code: string };
}

const COME_BACK_MS = 100;
const ACK_WITHIN_MS = 10_000;

/** One user who starts flows over REST and over a socket, and remembers what was acknowledged. */
export class Load {
  readonly acknowledged: AcknowledgedRun[] = [];
  /** By marker, acknowledged or not. */
  readonly planned = new Map<string, PlannedFlow>();
  /** Answers that were neither an acknowledgement nor silence. */
  readonly refusals: string[] = [];

  private constructor(
    readonly user: SignedInClient,
    private readonly socket: Socket,
    private readonly random: Random,
  ) {
    socket.on('connect_error', (error) => this.refusedSocket(error));
  }

  static async signIn(url: string, random: Random): Promise<Load> {
    const user = await SignedInClient.signUp(url);
    const socket = io(url, {
      auth: { token: user.token },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    return new Load(user, socket, random);
  }

  /** Ends when every start was answered or given up. */
  async start({ runs, overMs, paces }: LoadOptions): Promise<void> {
    const starts = Array.from({ length: runs }, (_, index) => {
      const plan = randomFlow(
        this.random,
        `[${this.user.userId}/${this.planned.size + index}]`,
        this.random.pick(paces),
      );
      return { plan, afterMs: this.random.int(0, overMs), bySocket: this.random.chance(0.5) };
    });
    for (const { plan } of starts) this.planned.set(plan.marker, plan);
    await Promise.all(
      starts.map(async ({ plan, afterMs, bySocket }) => {
        await sleep(afterMs);
        await this.startOne(plan, bySocket);
      }),
    );
  }

  async startOne(plan: PlannedFlow, bySocket: boolean): Promise<string | undefined> {
    this.planned.set(plan.marker, plan);
    const runId = await (bySocket ? this.overSocket(plan) : this.overRest(plan)).catch(ignoreSilence);
    if (runId !== undefined) this.acknowledged.push({ runId, plan, at: Date.now() });
    return runId;
  }

  get evidence(): Pick<Load, 'acknowledged' | 'planned' | 'refusals'> {
    return { acknowledged: this.acknowledged, planned: this.planned, refusals: this.refusals };
  }

  close(): void {
    this.socket.disconnect();
  }

  /** A server that refuses the socket ends its attempts to come back; one that is not there does not. */
  private refusedSocket(error: Error & { readonly data?: { readonly code?: string } }): void {
    if (this.socket.active) return;
    this.refusals.push(`socket ${error.data?.code ?? error.message}`);
    setTimeout(() => this.socket.connect(), COME_BACK_MS);
  }

  private async overRest({ nodes, edges }: PlannedFlow): Promise<string | undefined> {
    const { status, body } = await this.user.post('/execution/run', { nodes, edges });
    if (status === 202) return String(body['run_id']);
    this.refusals.push(`${status} ${String(body['code'])}`);
    return undefined;
  }

  private async overSocket({ nodes, edges }: PlannedFlow): Promise<string | undefined> {
    const answer = this.socket.timeout(ACK_WITHIN_MS).emitWithAck('execution.start', { nodes, edges });
    const ack = (await answer) as SocketAck;
    if (ack.run_id !== undefined) return ack.run_id;
    this.refusals.push(`socket ${ack.error?.code}`);
    return undefined;
  }
}

/** No answer is no acknowledgement: the run may exist or not. */
function ignoreSilence(): undefined {
  return undefined;
}
