import { type DemoView, seconds, tokensOf } from './demo-view.js';
import type { TreeRow } from './demo-flow.js';
import type { NodeProgress, RunProgress } from './run-progress.js';
import type { Style } from './style.js';
import { headOf, padTo, tailOf } from './text-layout.js';

const FRAME_MS = 80;
const SPINNER = Array.from('⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏');
const NAME_WIDTH = 24;
const TIME_WIDTH = 8;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

type Output = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'columns'>>;

/** The graph as a tree that moves: what each node does, and the text it writes, in place. */
export class LiveView implements DemoView {
  private timer: NodeJS.Timeout | undefined;
  private frame = 0;
  private drawnRows = 0;
  private hint = '';

  constructor(
    private readonly out: Output,
    private readonly rows: readonly TreeRow[],
    private readonly progress: RunProgress,
    private readonly style: Style,
  ) {}

  begin(): void {
    this.out.write(HIDE_CURSOR);
    this.timer = setInterval(() => this.draw(), FRAME_MS);
    this.draw();
  }

  /** Nothing to do: the next frame shows it. */
  changed(): void {}

  note(text: string): void {
    this.hint = text;
  }

  end(): void {
    if (!this.timer) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.draw();
    this.out.write(SHOW_CURSOR);
  }

  private draw(): void {
    this.frame += 1;
    const up = this.drawnRows > 0 ? `\u001b[${this.drawnRows}A` : '';
    const lines = [...this.rows.map((row) => this.row(row)), this.style.yellow(headOf(this.hint, this.width))];
    this.drawnRows = lines.length;
    this.out.write(`${up}${lines.map((line) => `\r\u001b[2K  ${line}\n`).join('')}`);
  }

  private get width(): number {
    // The last column stays free: some terminals break the line when it is filled.
    return Math.max(40, (this.out.columns || 80) - 3);
  }

  private row({ id, branch }: TreeRow): string {
    const node = this.progress.nodes.get(id);
    if (!node) return '';
    const name = padTo(`${branch}? ${id}`, NAME_WIDTH).replace('?', this.mark(node));
    const time = this.timeOf(node).padStart(TIME_WIDTH);
    const left = name.replace(branch, this.style.dim(branch));
    return `${left}${this.style.dim(time)}  ${this.detail(node, this.width - NAME_WIDTH - TIME_WIDTH - 2)}`;
  }

  private mark({ status }: NodeProgress): string {
    const { green, cyan, red, yellow, dim } = this.style;
    const spinner = SPINNER[this.frame % SPINNER.length] ?? '';
    const marks = {
      pending: dim('·'),
      running: cyan(spinner),
      retrying: yellow('↻'),
      waiting: yellow('…'),
      skipped: yellow('-'),
      completed: green('✓'),
      failed: red('✗'),
    };
    return marks[status];
  }

  private timeOf(node: NodeProgress): string {
    if (node.status === 'completed') return seconds(node.output?.duration_ms ?? 0);
    return node.status === 'running' ? seconds(performance.now() - node.sinceMs) : '';
  }

  private detail(node: NodeProgress, width: number): string {
    if (node.status === 'completed') return this.style.dim(headOf(tokensOf(node) ?? '', width));
    if (node.reason !== undefined) return this.style.yellow(headOf(node.reason, width));
    return tailOf(node.text, width);
  }
}
