/** The environment is wrong; the message lists every fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration is wrong:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nSee .env.example for all variables.`,
    );
  }
}
