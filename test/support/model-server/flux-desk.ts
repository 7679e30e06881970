import type { ServerResponse } from 'node:http';
import type { ScriptedAnswer, ScriptedImage } from './script.js';

const SUBMIT = /^\/inference\/v1\/workflows\/accounts\/fireworks\/models\/([^/]+)$/;
const RESULT = /^\/inference\/v1\/workflows\/accounts\/fireworks\/models\/([^/]+)\/get_result$/;

/** One transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

interface Order {
  readonly image: ScriptedImage;
  polls: number;
}

/** Flux as Fireworks serves it: an order is taken, asked about until it is ready, and fetched by its address. */
export class FluxDesk {
  private readonly orders = new Map<string, Order>();

  /** How often each order was asked about, in the order in which they were taken. */
  get polls(): readonly number[] {
    return [...this.orders.values()].map((order) => order.polls);
  }

  modelOf(method: string, pathname: string): string | undefined {
    return method === 'POST' ? SUBMIT.exec(pathname)?.[1] : undefined;
  }

  /** The answer to an order. */
  take(id: string, { image = {} }: ScriptedAnswer): string {
    this.orders.set(id, { image, polls: 0 });
    return JSON.stringify({ request_id: id });
  }

  /** False when the route is none of an order's. */
  answer(method: string, pathname: string, body: unknown, url: string, response: ServerResponse): boolean {
    if (method === 'POST' && RESULT.test(pathname)) return this.tell((body as { id?: string }).id ?? '', url, response);
    if (method !== 'GET' || !pathname.startsWith('/_images/')) return false;
    const image = this.orders.get(pathname.slice('/_images/'.length))?.image;
    const type = image?.mediaType ?? 'image/png';
    response.writeHead(image?.sampleStatus ?? 200, { 'content-type': type }).end(image?.bytes ?? PNG);
    return true;
  }

  clear(): void {
    this.orders.clear();
  }

  private tell(id: string, url: string, response: ServerResponse): true {
    const order = this.orders.get(id);
    const status = order === undefined ? 'Task not found' : statusOf(order);
    const [code, retryAfter] = [order?.image.pollStatuses?.[order.polls - 1] ?? 200, order?.image.pollRetryAfter];
    response.writeHead(code, {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && code !== 200 && { 'retry-after': retryAfter }),
    });
    const result = status === 'Ready' ? { sample: order?.image.sample ?? `${url}/_images/${id}` } : null;
    response.end(code === 200 ? JSON.stringify({ id, status, result }) : '{"error":{"message":"Scripted"}}');
    return true;
  }
}

/** Counts the question as well. */
function statusOf(order: Order): string {
  order.polls += 1;
  const pending = order.image.pendingPolls ?? 0;
  return order.polls <= pending ? 'Pending' : (order.image.status ?? 'Ready');
}
