export const API_SCOPES = ['read', 'run', 'write'] as const;

/** What an API key may be used for: to look, to start and steer runs, to create and change. */
export type ApiScope = (typeof API_SCOPES)[number];
