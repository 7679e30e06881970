import { type DemoView, seconds, tokensOf } from './demo-view.js';
import type { TroupeEvent } from '../../clients/typescript/src/index.js';
import type { NodeProgress } from './run-progress.js';
import { toLine } from './text-layout.js';

const LINE_WIDTH = 72;

/** One line after the other, for logs and pipes. Streamed text comes out in lines of its own, as it grows. */
export class PlainView implements DemoView {
  private readonly shown = new Map<string, number>();
  private startedAtMs = 0;

  constructor(private readonly out: Pick<NodeJS.WriteStream, 'write'>) {}

  begin(): void {
    this.startedAtMs = performance.now();
  }

  changed(event: TroupeEvent, node: NodeProgress | undefined): void {
    if (!node) return;
    if (event.type === 'agent.token') this.showText(node, false);
    else this.showStatus(node);
  }

  note(text: string): void {
    this.line(text);
  }

  end(): void {
    this.out.write('\n');
  }

  private showStatus(node: NodeProgress): void {
    if (node.status === 'completed') this.showText(node, true);
    this.shown.delete(node.id);
    const details = [tokensOf(node), node.reason].filter(Boolean).join(', ');
    this.line(`${node.id}: ${node.status}${details && ` (${details})`}`);
  }

  /** Up to the last space of what fills a line; the rest waits for more, unless there will be none. */
  private showText(node: NodeProgress, isWhole: boolean): void {
    let from = Math.min(this.shown.get(node.id) ?? 0, node.text.length);
    while (node.text.length - from > (isWhole ? 0 : LINE_WIDTH)) {
      const space = node.text.lastIndexOf(' ', from + LINE_WIDTH);
      const isRest = node.text.length - from <= LINE_WIDTH;
      const to = isRest ? node.text.length : space > from ? space + 1 : from + LINE_WIDTH;
      this.line(`${node.id} | ${toLine(node.text.slice(from, to))}`);
      from = to;
    }
    this.shown.set(node.id, from);
  }

  private line(text: string): void {
    this.out.write(`  [${seconds(performance.now() - this.startedAtMs).padStart(6)}] ${text}\n`);
  }
}
