import type { LoadedConfig } from '../config/load-config.js';

export interface GreetingOptions {
  readonly url: string;
  readonly loaded: LoadedConfig;
  readonly uptimeSeconds: number;
}

/** What somebody who has just typed `npm start` wants to know. */
export function greeting({ url, loaded, uptimeSeconds }: GreetingOptions): string {
  const address = url.replace(/\/\/(0\.0\.0\.0|\[::1?\])/, '//localhost');
  const lines = [
    `Troupe is ready at ${address} (${uptimeSeconds.toFixed(1)} s)`,
    `  API documentation: ${address}/docs`,
    `  Data:              ${loaded.database.url ? 'the PostgreSQL of DATABASE_URL' : loaded.dataDir}`,
    ...(loaded.newSetupToken ? [`  Back office set-up token, shown only now: ${loaded.newSetupToken}`] : []),
    '  Try next:          npm run demo   (in another terminal)',
  ];
  return `\n${lines.join('\n')}\n\n`;
}
